import type { OperatorFunction } from 'rxjs';
import type { RejectionSink } from './rejection.ts';
import { throughStage } from './stages.ts';
import type { Stateful } from './stateful.ts';

/** Options of {@link run}. */
export interface RunOptions<Memory> {
  /** The memory to resume with, changed in place. Default: a new one for each subscriber. */
  readonly memory?: Memory;
  /**
   * Where values go that the part rejects with a SampleError. Default: none, and a rejection ends the
   * stream with an `UnhandledRejectionError`.
   */
  readonly rejected?: RejectionSink;
}

/**
 * Runs a part over a stream: emits what the part's `update` returns for each value. With `rejected` a
 * SampleError becomes a rejection and the stream continues; any other error ends it.
 */
export const run = <Memory, In, Out>(
  part: Stateful<Memory, In, Out>,
  { memory, rejected }: RunOptions<Memory> = {},
): OperatorFunction<In, Out> => throughStage({ part, memory, rejected });
