import { sha256 } from './sha256.ts';

/** A history: what has the same epoch is a continuation, what has not is another. */
export interface Epoch {
  /** Its name, different for each history. */
  readonly name: string;
  /** The first 8 bytes of the SHA-256 of the name, as 16 hexadecimal digits. */
  readonly tag: string;
  /** Since when it has been: milliseconds since the Unix epoch. */
  readonly at: number;
}

/** The epoch of that name. */
export const epochFrom = (name: string, at: number): Epoch => ({
  name,
  tag: sha256(name).slice(0, 16),
  at,
});
