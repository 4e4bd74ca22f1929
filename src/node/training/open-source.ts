import { filter } from 'rxjs';
import type { Task } from '../../encode/task.ts';
import { digitCount, digitExamples } from '../../sources/digits.ts';
import type { Governor } from '../../stream/governor.ts';
import type { RejectionSink } from '../../stream/rejection.ts';
import type { ByteProgress } from '../files/bytes.ts';
import { records } from '../files/records.ts';
import { host } from '../host/host.ts';
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
  readonly rejected: RejectionSink;
  /** Slows, stops and starts it. What is live is left out while it is stopped. */
  readonly governor?: Governor;
}

/**
 * Opens a source by what a person calls it: `digits`, `host`, `-` for standard input, or a path.
 * Throws a SourceError where that is clear to be impossible already.
 */
export const openSource = (spec: string, options: OpenOptions): OpenedSource => {
  if (spec === 'digits') return openDigits(options);
  if (spec === 'host') return openHost(options);
  return openFile(spec, options);
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
  task: 'regression' satisfies Task,
});

const openFile = (
  spec: string,
  { target, id, time, rate, rejected, governor }: OpenOptions,
): OpenedSource => {
  const progress: ByteProgress = { read: 0 };
  const input = spec === '-' ? process.stdin : spec;
  return {
    name: spec === '-' ? 'standard input' : spec,
    examples: records(input, {
      rejected,
      progress,
      ...(target && { target }),
      ...(id && { id }),
      ...(time && { time }),
      ...(rate && { rate }),
      ...(governor && { governor }),
    }),
    isLive: false,
    progress,
  };
};
