import { lastValueFrom } from 'rxjs';
import type { Pipeline } from './pipeline.ts';
import type { Snapshot } from './snapshot/snapshot.ts';
import type { Example } from './sources/example.ts';
import { type PaceOptions, type Pull, pace } from './stream/pace.ts';

/**
 * Trains a pipeline by pulling: the next example is requested when the one before is learned, so
 * that nothing is buffered and nothing is lost. This is the way in for queues, cursors and files.
 * Resolves with the last snapshot when the source or the signal ends it; rejects with its error.
 * A Node stream is destroyed at the end. Misuse is a rejection too.
 */
export const trainFrom = async (
  examples: Pull<Example>,
  pipeline: Pipeline,
  options: PaceOptions = {},
): Promise<Snapshot | undefined> =>
  lastValueFrom(pipeline.run(pace(examples, options)), { defaultValue: undefined });
