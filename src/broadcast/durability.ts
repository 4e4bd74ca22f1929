/** How well the checkpoints of a model are written. */
export interface Durability {
  /** Why no checkpoint can be written at present; undefined: the latest was written, or none was due. */
  readonly failure: string | undefined;
  /** Checkpoints that could not be written so far. */
  readonly failures: number;
  /** Milliseconds since all that had been learned was last known to be in a checkpoint. */
  readonly ageMs: number;
}
