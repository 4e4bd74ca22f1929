import { SampleError } from '../stream/rejection.ts';

/**
 * One observation with names, as sources give it.
 *
 * A feature is a number, a string (a category), a boolean, or missing (`undefined`, `null`, `''`).
 */
export interface Example {
  /** Features by name: numbers, texts, booleans, dates; null or absent is missing. */
  readonly features: Readonly<Record<string, unknown>>;
  /**
   * What is to be predicted: a class, or a number from −1e15 to 1e15. Without it the example is predicted,
   * not learned from.
   */
  readonly target?: number | string | boolean;
  /** Joins a prediction to a label that comes later; names the example in a rejection. */
  readonly id?: string;
  /** The line of the text that it came from, counted from 1. Named in a rejection. */
  readonly line?: number;
  /** When it was observed, in milliseconds since the Unix epoch. */
  readonly time?: number;
  /** How many ordinary observations it counts for: 0 to 1e6. Default 1. */
  readonly weight?: number;
}

/** The features of an example. Throws a SampleError where it is none, whatever its type says. */
export const featuresOf = (example: Example): Example['features'] => {
  const features = (example as Example | null | undefined)?.features as unknown;
  if (typeof features === 'object' && features !== null) return features as Example['features'];
  const what = example ? `features is ${typeof features}` : `the example is ${String(example)}`;
  throw new SampleError('shape', `${what}: expected a record of values`);
};
