import { filter } from 'rxjs';
import type { Task } from '../../encode/task.ts';
import type { ConnectionEventSink } from '../../sources/connection-event.ts';
import { digitCount, digitExamples } from '../../sources/digits.ts';
import { SourceError } from '../../sources/source-error.ts';
import type { Governor } from '../../stream/governor.ts';
import type { RejectionSink } from '../../stream/rejection.ts';
import type { Overflow, OverflowPolicy } from '../../stream/waiting.ts';
import type { ByteProgress } from '../files/bytes.ts';
import type { CsvOptions } from '../files/csv/csv.ts';
import { records } from '../files/records.ts';
import { tail } from '../files/tail.ts';
import { host } from '../host/host.ts';
import { openUrl } from './open-url.ts';
import type { OpenedSource } from './opened-source.ts';

/** What the command line says about a source. */
export interface OpenOptions {
  readonly target?: string;
  readonly id?: string;
  readonly time?: string;
  readonly rate?: number;
  readonly seed: number;
  /** How many seconds ahead `host` predicts. */
  readonly ahead: number;
  /** How often the digits come, where that has an end. */
  readonly passes?: number;
  /** Go on with a file as it grows. */
  readonly follow?: boolean;
  /** Topic filters beside that of the address. */
  readonly topics?: readonly string[];
  /** How long a server is waited for at first, in milliseconds. */
  readonly waitMs?: number;
  /** How many samples may wait, where a source does not wait itself. */
  readonly size?: number;
  /** What becomes of those for which there is no room. */
  readonly policy?: OverflowPolicy;
  readonly rejected: RejectionSink;
  /** Slows, stops and starts it. What is live is left out while it is stopped. */
  readonly governor?: Governor;
  /** Told of what becomes of a connection. */
  readonly events?: ConnectionEventSink;
  /** Told when samples begin and cease to be left out. */
  readonly overflow?: { next(overflow: Overflow): void };
}

/**
 * Opens a source by what a person calls it: `digits`, `host`, `-` for standard input, an address, or
 * paths of files. Throws a SourceError where that is clear to be impossible already.
 */
export const openSource = (specs: readonly string[], options: OpenOptions): OpenedSource => {
  const [spec = 'digits'] = specs;
  if (specs.length > 1) return openFiles(specs, options);
  if (spec === 'digits') return openDigits(options);
  if (spec === 'host') return openHost(options);
  if (spec.includes('://')) return openUrl(spec, options);
  return options.follow ? openTail(spec, options) : openFiles(specs, options);
};

const openDigits = ({ seed, rate, passes, governor }: OpenOptions): OpenedSource => ({
  name: 'digits',
  examples: digitExamples({
    seed,
    ...(rate && { rate }),
    ...(passes && { passes }),
    ...(governor && { governor }),
  }),
  isLive: false,
  isReplayable: true,
  task: 'classification',
  featureMax: 16,
  ...(passes && { count: passes * digitCount }),
});

const openHost = ({ target, rate, ahead, governor }: OpenOptions): OpenedSource => ({
  name: 'host',
  examples: host({
    aheadSeconds: ahead,
    ...(target && { target }),
    ...(rate && { everyMs: 1000 / rate }),
  }).pipe(filter(() => !governor?.isPaused)),
  isLive: true,
  isReplayable: false,
  task: 'regression' satisfies Task,
});

const openFiles = (specs: readonly string[], options: OpenOptions): OpenedSource => {
  const progress: ByteProgress = { read: 0 };
  const other = specs.find((spec) => spec.includes('://') || spec === 'digits' || spec === 'host');
  if (specs.length > 1 && (other !== undefined || options.follow)) {
    throw new SourceError(`several sources must all be files that end: ${other ?? '--follow'}`);
  }
  const inputs = specs.map((spec) => (spec === '-' ? process.stdin : spec));
  return {
    name: specs.map((spec) => (spec === '-' ? 'standard input' : spec)).join(', '),
    examples: records(inputs, { ...fileOptions(options), progress }),
    isLive: false,
    isReplayable: !specs.includes('-'),
    progress,
  };
};

const openTail = (path: string, options: OpenOptions): OpenedSource => ({
  name: path,
  examples: tail(path, fileOptions(options)),
  isLive: true,
  isReplayable: false,
});

const fileOptions = ({ target, id, time, rate, rejected, governor }: OpenOptions): CsvOptions => ({
  rejected,
  ...(target && { target }),
  ...(id && { id }),
  ...(time && { time }),
  ...(rate && { rate }),
  ...(governor && { governor }),
});
