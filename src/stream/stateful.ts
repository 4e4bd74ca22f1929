/**
 * The one shape of things that remember. Memory is plain data: a checkpoint is a copy of it,
 * and nothing hides in a closure.
 */
export interface Stateful<Memory, In, Out> {
  /** Shown in error messages. */
  readonly name: string;
  /** The memory before the first value. */
  initial(): Memory;
  /** Takes the next value, and changes the memory in place. */
  update(memory: Memory, value: In): Out;
}

/** A part that can also be applied without learning: `predict` uses it. */
export interface Applicable<Memory, In, Out> extends Stateful<Memory, In, Out> {
  /** What `update` would return, as far as it is known without learning. Changes nothing. */
  apply(memory: Memory, value: In): Out;
}
