import type { Example } from '../sources/example.ts';
import type { Applicable } from '../stream/stateful.ts';
import { namesOf, observedNumber, type PastOptions, withFeatures } from './past.ts';

/** The last values of one name in a ring, and their sum with what rounding has lost of it. */
type Window = { readonly values: Float64Array; count: number; sum: number; lost: number };

/** What moving means remember: a window for each name. */
export type MovingMeansMemory = { readonly windows: Window[] };

/** Options of {@link movingMeans}. */
export interface MovingMeansOptions extends PastOptions {
  /** How many values the mean is of, 1 … 1,000,000. */
  readonly last: number;
}

const LAST_MAX = 1_000_000;

/**
 * Adds the mean of the last values as the feature `heat:mean24`. Only of the past, as in
 * {@link lags}. What is missing or a text does not count.
 */
export const movingMeans = ({
  of,
  last,
}: MovingMeansOptions): Applicable<MovingMeansMemory, Example, Example> => {
  const names = namesOf({ of });
  if (!Number.isInteger(last) || last < 1 || last > LAST_MAX)
    throw new RangeError(`last: expected a whole number from 1 to ${LAST_MAX}, got ${last}`);
  const apply = ({ windows }: MovingMeansMemory, example: Example): Example =>
    withFeatures(
      example,
      names.map((name, i) => [`${name}:mean${last}`, meanOf(windows[i]!)] as const),
    );
  return {
    name: 'movingMeans',
    initial: () => ({
      windows: names.map(() => ({ values: new Float64Array(last), count: 0, sum: 0, lost: 0 })),
    }),
    apply,
    update: (memory, example) => {
      const out = apply(memory, example);
      for (const [i, name] of names.entries())
        push(memory.windows[i]!, observedNumber(example, name));
      return out;
    },
  };
};

const meanOf = ({ values, count, sum, lost }: Window): number | null =>
  count === 0 ? null : (sum + lost) / Math.min(count, values.length);

const push = (window: Window, value: number): void => {
  if (Number.isNaN(value)) return;
  const { values } = window;
  const place = window.count % values.length;
  add(window, -values[place]!);
  add(window, value);
  values[place] = value;
  window.count += 1;
};

/** Compensated summation (Neumaier 1974): a huge value leaves nothing behind when it has left. */
const add = (window: Window, value: number): void => {
  const sum = window.sum + value;
  const isSmaller = Math.abs(value) <= Math.abs(window.sum);
  window.lost += isSmaller ? window.sum - sum + value : value - sum + window.sum;
  window.sum = sum;
};
