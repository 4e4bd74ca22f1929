/**
 * What a memory may be made of. Typed arrays keep their type through a checkpoint. Numbers are finite, or
 * the checkpoint is refused: null says that there is none.
 */
export type MemoryValue =
  | null
  | boolean
  | number
  | string
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Uint8Array
  | readonly MemoryValue[]
  | Memory;

/** A copy of all that a part remembers: nested names to numbers, strings, arrays, typed arrays. */
export interface Memory {
  readonly [name: string]: MemoryValue;
}
