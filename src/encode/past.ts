import { type Example, featuresOf } from '../sources/example.ts';
import { hashText } from './hash.ts';

/** A value that can be kept and encoded later; null is missing. */
export type PastValue = number | string | boolean | null;

/** Whose past is looked at. */
export interface PastOptions {
  /**
   * The names of features; `target` is the target itself, whose past is known where labels come
   * at once.
   */
  readonly of: string | readonly string[];
}

/** The names in `of`, checked. */
export const namesOf = ({ of }: PastOptions): readonly string[] => {
  const names = typeof of === 'string' ? [of] : of;
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string'))
    throw new TypeError(`of: expected a name or several, got ${JSON.stringify(of)}`);
  return names;
};

/**
 * What an example says of a name. What the encoder would refuse is missing: it must not come back
 * with the next example. Throws a SampleError where it is no example.
 */
export const observed = (example: Example, name: string): PastValue => {
  const features = featuresOf(example);
  const value = name === 'target' ? example.target : features[name];
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string') return shortened(value);
  return typeof value === 'boolean' ? value : null;
};

/** A longer text is remembered by its hash. In UTF-16 units. */
const TEXT_LENGTH_MAX = 256;

/** What is remembered has a bounded length: many examples and groups may be. */
const shortened = (text: string): string | null => {
  if (text === '') return null;
  return text.length <= TEXT_LENGTH_MAX ? text : `a text of hash ${hashText(text)}`;
};

/** Differences and sums of larger numbers could overflow, and a mean be lost for ever. */
const MAGNITUDE_MAX = 1e150;

/** The same as a number of bounded size; NaN where it is missing or a text. */
export const observedNumber = (example: Example, name: string): number => {
  const value = observed(example, name);
  if (typeof value !== 'number' && typeof value !== 'boolean') return Number.NaN;
  return Math.min(Math.max(Number(value), -MAGNITUDE_MAX), MAGNITUDE_MAX);
};

/** The example with more features. Throws a SampleError where it is none. */
export const withFeatures = (
  example: Example,
  added: readonly (readonly [string, PastValue])[],
): Example => ({ ...example, features: { ...featuresOf(example), ...Object.fromEntries(added) } });
