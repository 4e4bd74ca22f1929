import { CommanderError } from 'commander';
import { CheckpointError } from '../../../snapshot/checkpoint.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { OverflowError } from '../../../stream/waiting.ts';
import { ServeError } from '../../server/serve.ts';
import { printable } from './printable.ts';

/** Something asked for on the command line that cannot be done: one line, exit code 2. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** How the process ends after an error. */
export interface Ending {
  readonly exitCode: number;
  /** One line for standard error; absent where all has been said. */
  readonly line?: string;
}

/** The ending that an error deserves: 2 where the user can mend it, 1 where it is our fault. */
export const endingOf = (error: unknown): Ending => {
  // Commander has printed its own line, or the requested help.
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2 };
  if (isMisuse(error)) return { exitCode: 2, line: `rivulet: ${oneLine(error.message)}` };
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { exitCode: 1, line: `rivulet: unexpected: ${oneLine(what)}` };
};

// Parts throw TypeError and RangeError for invalid options; a TypeError may also be a bug of ours, which
// must not look like a mistake of the user.
const isMisuse = (error: unknown): error is Error =>
  error instanceof Misuse ||
  error instanceof SourceError ||
  error instanceof CheckpointError ||
  error instanceof ServeError ||
  // Only where --when-full asks for it.
  error instanceof OverflowError ||
  error instanceof RangeError;

/** More of a message than this is not looked at. */
const messageLengthMax = 4_000;

/** A message as one line that can be printed: it may quote a file or a peer that holds anything. */
export const oneLine = (text: string): string =>
  printable(
    text
      .slice(0, messageLengthMax)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join(' '),
  );
