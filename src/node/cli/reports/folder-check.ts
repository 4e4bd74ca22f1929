import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import ansis from 'ansis';
import type { Checkpoint } from '../../../snapshot/checkpoint.ts';
import {
  fileName,
  numbersIn,
  readCheckpoint,
} from '../../training/checkpoints/checkpoint-files.ts';
import { diskReason } from '../../training/checkpoints/disk-errors.ts';
import { isOfCommandLine, tryOut } from '../../training/restored.ts';
import { count, figure } from '../terminal/figures.ts';
import { Misuse, oneLine } from '../terminal/misuse.ts';

/**
 * What a check has found of a file: `good`: the model was restored, and learns; `whole`: its numbers are
 * finite and its bytes as they were written, but only the program that wrote it can restore its model; `bad`.
 */
export type CheckVerdict = 'good' | 'whole' | 'bad';

/** One checkpoint of a folder, as `--json` prints it. */
export interface CheckedFile {
  readonly file: string;
  readonly verdict: CheckVerdict;
  /** Why it is bad. */
  readonly reason?: string;
  readonly bytes: number;
  /** When it was written, in ms since the Unix epoch. */
  readonly modified: number;
  readonly step?: number;
  /** J_total; null before the first sample. */
  readonly cost?: number | null;
  readonly epoch?: string;
  /** Whether nothing was learned after it. */
  readonly isFinal?: boolean;
  readonly source?: string;
  readonly model?: Checkpoint['model'];
}

/** Reads and tries every checkpoint of a folder, newest first, and writes nothing. */
export const checkFolder = async (path: string): Promise<CheckedFile[]> => {
  const checked: CheckedFile[] = [];
  for (const number of await numbersOf(path)) checked.push(await checkFile(path, fileName(number)));
  return checked;
};

const numbersOf = async (path: string): Promise<number[]> => {
  try {
    const found = await numbersIn(path);
    if (found.length > 0) return found;
  } catch (error) {
    throw new Misuse(`${path} cannot be read: ${diskReason(error)}`);
  }
  throw new Misuse(`${path} has no checkpoints`);
};

const checkFile = async (path: string, file: string): Promise<CheckedFile> => {
  const found = { file, bytes: 0, modified: 0 };
  let checkpoint: Checkpoint | undefined;
  try {
    const { size, mtimeMs } = await stat(join(path, file));
    Object.assign(found, { bytes: size, modified: Math.round(mtimeMs) });
    checkpoint = await readCheckpoint(join(path, file));
    const isOurs = isOfCommandLine(checkpoint);
    if (isOurs) tryOut(checkpoint);
    return { ...found, verdict: isOurs ? 'good' : 'whole', ...factsOf(checkpoint) };
  } catch (error) {
    const reason = diskReason(error);
    return { ...found, verdict: 'bad', reason, ...(checkpoint && factsOf(checkpoint)) };
  }
};

const factsOf = ({ step, cost, history, isFinal, source, model }: Checkpoint) => ({
  step,
  cost: cost.count > 0 ? cost.sum / cost.count : null,
  epoch: history.epoch,
  isFinal,
  source: source.name,
  model,
});

/** The findings as a table: one line for each file, and below it why it is bad. */
export const checkReport = (files: readonly CheckedFile[], nowMs: number): string => {
  const rows = files.map((file) => ({ file, cells: cellsOf(file, nowMs) }));
  const header = ['file', 'step', 'cost J', 'epoch', 'age', 'size'];
  const widths = header.map((title, i) =>
    Math.max(title.length, ...rows.map(({ cells }) => cells[i]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ');
  const lines = rows.flatMap(({ file, cells }) => [
    `${line(cells)}  ${shownVerdict(file.verdict)}`,
    ...(file.reason === undefined ? [] : [ansis.dim(`  ${oneLine(file.reason)}`)]),
  ]);
  return `${[ansis.dim(`${line(header)}  verdict`), ...lines].join('\n')}\n`;
};

const cellsOf = ({ file, bytes, modified, step, cost, epoch }: CheckedFile, nowMs: number) => [
  file,
  step === undefined ? '–' : count(step),
  cost === undefined || cost === null ? '–' : figure(cost),
  epoch === undefined ? '–' : oneLine(epoch),
  duration(nowMs - modified),
  `${count(Math.ceil(bytes / 1024))} KiB`,
];

const shownVerdict = (verdict: CheckVerdict): string =>
  verdict === 'bad' ? ansis.red.bold(verdict) : ansis.green(verdict);

/** A time in its largest unit, such as `5 min`. A clock that was set back gives 0 s. */
const duration = (ms: number): string => {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3_600)} h`
    : `${Math.round(seconds / 86_400)} d`;
};
