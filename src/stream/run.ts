import type { OperatorFunction } from 'rxjs';
import type { RejectionSink } from './rejection.ts';
import { throughStage } from './stages.ts';
import type { Stateful } from './stateful.ts';

/** Options of {@link run}. */
export interface RunOptions<Memory> {
  /** The memory to go on with, changed in place. Default: a new one for each subscriber. */
  readonly memory?: Memory;
  /** Where values go that the part refuses with a SampleError. Default: they are left out. */
  readonly rejected?: RejectionSink;
}

/**
 * Runs a part over a stream: emits what the part's `update` returns for each value. A SampleError
 * becomes a rejection and the stream goes on; any other error ends it.
 */
export const run = <Memory, In, Out>(
  part: Stateful<Memory, In, Out>,
  { memory, rejected }: RunOptions<Memory> = {},
): OperatorFunction<In, Out> => throughStage({ part, memory, rejected });
