import { power } from '../math/power.ts';
import type { Example } from '../sources/example.ts';
import type { Applicable } from '../stream/stateful.ts';
import { namesOf, observedNumber, type PastOptions, withFeatures } from './past.ts';

/** What fading means remember: for each name how many values it had, and their mean. */
export type FadingMeansMemory = { readonly means: { count: number; mean: number }[] };

/** Options of {@link fadingMeans}. */
export interface FadingMeansOptions extends PastOptions {
  /** After how many further values a value counts half as much. Above 0. */
  readonly halfLife: number;
}

/**
 * Adds the exponentially weighted mean of the values so far as the feature `heat:fading12`. Only of
 * the past, as in {@link lags}. What is missing or a text does not count.
 */
export const fadingMeans = ({
  of,
  halfLife,
}: FadingMeansOptions): Applicable<FadingMeansMemory, Example, Example> => {
  const names = namesOf({ of });
  if (!(halfLife > 0)) throw new RangeError(`halfLife: expected a number above 0, got ${halfLife}`);
  const share = 1 - power(0.5, 1 / halfLife);
  const apply = ({ means }: FadingMeansMemory, example: Example): Example =>
    withFeatures(
      example,
      names.map((name, i) => {
        const { count, mean } = means[i]!;
        return [`${name}:fading${halfLife}`, count > 0 ? mean : null] as const;
      }),
    );
  return {
    name: 'fadingMeans',
    initial: () => ({ means: names.map(() => ({ count: 0, mean: 0 })) }),
    apply,
    update: (memory, example) => {
      const out = apply(memory, example);
      for (const [i, name] of names.entries()) {
        const value = observedNumber(example, name);
        const own = memory.means[i]!;
        if (Number.isNaN(value)) continue;
        own.count += 1;
        // A plain mean at first: the first value must not weigh more than the second.
        own.mean += Math.max(share, 1 / own.count) * (value - own.mean);
      }
      return out;
    },
  };
};
