import type { MemoryValue } from './learner.ts';

/** What every optimizer remembers; each adds arrays of its own, one number a parameter. */
export interface OptimizerMemory {
  /** Updates done. */
  step: number;
  /** The factor by which the schedule multiplies the learning rate in the next update. */
  rate: number;
  [name: string]: MemoryValue;
}

/**
 * Turns gradients into steps. Its memory is plain data, so that it can be copied out and put back.
 * Two verbs, no state of its own.
 */
export interface Optimizer {
  readonly name: string;
  /** The numbers it was made with, such as `{ learningRate: 0.25 }`: a kernel reads them. */
  readonly options: Readonly<Record<string, number | boolean>>;
  initial(parameterCount: number): OptimizerMemory;
  /** One step downhill: changes `parameters` and `memory` in place. */
  update(memory: OptimizerMemory, parameters: Float64Array, gradient: Float64Array): void;
}
