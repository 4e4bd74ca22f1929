import type { Observable } from 'rxjs';
import { initialRandom, shuffle } from '../math/random.ts';
import { type PaceOptions, pace } from '../stream/pace.ts';
import { packedLabels, packedPixels } from './digits-data.ts';
import type { Example } from './example.ts';
import type { Sample } from './sample.ts';

/** Options of {@link digits} and {@link digitExamples}. */
export interface DigitsOptions extends PaceOptions {
  /** How many times the 1,797 digits are repeated: ≥ 0. Default: endless. */
  readonly passes?: number;
  /** Any finite number; each pass is shuffled with it. `null` keeps the published order. Default 1. */
  readonly seed?: number | null;
  /** How many of the first examples to skip: ≥ 0. A restart resumes with it. Default 0. */
  readonly after?: number;
}

const pixelCount = 64;

/** How many digits there are. */
export const digitCount = packedLabels.length;

const classes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const oneHot = classes.map((digit) => Float64Array.from(classes, (c) => (c === digit ? 1 : 0)));

/**
 * The 1,797 handwritten digits in their published order: x is 64 pixels of 0 … 1, y one of ten
 * shared one-hot arrays. Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak,
 * UCI Machine Learning Repository, CC BY 4.0.
 */
export const digitSamples = (): readonly Sample[] => {
  samples ??= unpack().map(({ pixels, digit }) => ({
    x: Float64Array.from(pixels, (pixel) => pixel / 16),
    y: oneHot[digit]!,
  }));
  return samples;
};
let samples: readonly Sample[] | undefined;

/** The digits as a stream of vectors, for a learner with 64 inputs and 10 outputs. */
export const digits = (options: DigitsOptions = {}): Observable<Sample> =>
  pace({ [Symbol.iterator]: () => inPasses(digitSamples(), options) }, options);

/** The digits as a stream of records: features p0 … p63 of 0 … 16, and the target 0 … 9. */
export const digitExamples = (options: DigitsOptions = {}): Observable<Example> => {
  examples ??= unpack().map(({ pixels, digit }) => ({
    features: Object.fromEntries(Array.from(pixels, (pixel, i) => [`p${i}`, pixel])),
    target: digit,
  }));
  const all = examples;
  return pace({ [Symbol.iterator]: () => inPasses(all, options) }, options);
};
let examples: readonly Example[] | undefined;

const inPasses = function* <T>(
  all: readonly T[],
  { passes = Number.POSITIVE_INFINITY, seed = 1, after = 0 }: DigitsOptions,
): Generator<T, undefined> {
  const random = initialRandom(seed ?? 0);
  let left = after;
  for (let pass = 0; pass < passes; pass += 1) {
    const order = Uint16Array.from(all.keys());
    if (seed !== null) shuffle(random, order);
    for (let i = Math.min(left, order.length); i < order.length; i += 1) yield all[order[i]!]!;
    left = Math.max(0, left - order.length);
  }
};

/** Bit by bit: 0 is the value 0, a 1 and four bits v are the value v + 1. */
const unpack = (): { pixels: Uint8Array; digit: number }[] => {
  const bytes = atob(packedPixels);
  let at = 0;
  const bit = (): number => {
    const value = (bytes.charCodeAt(at >> 3) >> (7 - (at & 7))) & 1;
    at += 1;
    return value;
  };
  const pixel = (): number => (bit() === 0 ? 0 : 1 + 8 * bit() + 4 * bit() + 2 * bit() + bit());
  return Array.from(packedLabels, (label) => ({
    pixels: Uint8Array.from({ length: pixelCount }, pixel),
    digit: Number(label),
  }));
};
