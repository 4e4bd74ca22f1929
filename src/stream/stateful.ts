/**
 * The one shape of things that remember. Memory is plain data: a checkpoint is a copy of it,
 * and nothing hides in a closure.
 */
export interface Stateful<Memory, In, Out> {
  readonly name: string;
  initial(): Memory;
  /** Takes the next value, and changes the memory in place. */
  update(memory: Memory, value: In): Out;
}
