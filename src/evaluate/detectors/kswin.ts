import { requireAbove, requireWhole } from '../../math/limits.ts';
import { log } from '../../math/log.ts';
import { initialRandom, type RandomMemory, randomInteger } from '../../math/random.ts';
import type { Detector } from '../detector.ts';

/** The newest values in a ring, how many have come since the last alarm, and the generator. */
export type KswinMemory = { ring: Float64Array; seen: number; random: RandomMemory };

/** Options of {@link kswin}. */
export interface KswinOptions {
  /** The probability of a false alarm at one value, in (0, 1]. Default 0.0001. */
  readonly alpha?: number;
  /** Values that it remembers: a whole number up to 10,000. Default 100. */
  readonly windowSize?: number;
  /** The newest of them, compared with as many of the others: at most half. Default 30. */
  readonly recentSize?: number;
  /** Seed of the draws from the others: any finite number. Default 1. */
  readonly seed?: number;
}

/**
 * KSWIN: compares the newest values with a random choice of those before them by the test of
 * Kolmogorov and Smirnov, so that it sees a change of any kind, also of the spread alone. C. Raab,
 * M. Heusinger and F.-M. Schleif, "Reactive soft prototype computing for concept drift streams",
 * 2020. An alarm at distance D, D² ≥ ln(2 / α) / r: Smirnov's limit for two samples of r values.
 */
export const kswin = ({
  alpha = 0.0001,
  windowSize = 100,
  recentSize = 30,
  seed = 1,
}: KswinOptions = {}): Detector<KswinMemory> => {
  requireAbove('alpha', alpha, [0, 1]);
  requireWhole('windowSize', windowSize, [4, 10_000]);
  requireWhole('recentSize', recentSize, [2, Math.floor(windowSize / 2)]);
  const limit = Math.sqrt(log(2 / alpha) / recentSize);
  return {
    name: 'kswin',
    initial: () => ({ ring: new Float64Array(windowSize), seen: 0, random: initialRandom(seed) }),
    update(memory, value) {
      const { ring, seen } = memory;
      ring[seen % windowSize] = value;
      memory.seen = seen + 1;
      if (memory.seen < windowSize) return 'stable';
      const window = inOrder(ring, memory.seen);
      const recent = window.subarray(windowSize - recentSize);
      const before = window.subarray(0, windowSize - recentSize);
      if (distance(drawn(before, recentSize, memory.random), recent.slice()) < limit)
        return 'stable';
      ring.set(recent);
      memory.seen = recentSize;
      return 'alarm';
    },
  };
};

/** A copy of a full ring, oldest value first. */
const inOrder = (ring: Float64Array, seen: number): Float64Array => {
  const oldest = seen % ring.length;
  const window = new Float64Array(ring.length);
  window.set(ring.subarray(oldest));
  window.set(ring.subarray(0, oldest), ring.length - oldest);
  return window;
};

/** So many of the values, each at most once: the first steps of a shuffle. Changes their order. */
const drawn = (values: Float64Array, count: number, random: RandomMemory): Float64Array => {
  for (let i = 0; i < count; i += 1) {
    const j = i + randomInteger(random, values.length - i);
    const kept = values[i]!;
    values[i] = values[j]!;
    values[j] = kept;
  }
  return values.subarray(0, count);
};

/** The largest gap between the distributions of two samples of one size. Sorts them. */
const distance = (a: Float64Array, b: Float64Array): number => {
  a.sort();
  b.sort();
  let gap = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! <= value) i += 1;
    while (j < b.length && b[j]! <= value) j += 1;
    gap = Math.max(gap, Math.abs(i - j));
  }
  return gap / a.length;
};
