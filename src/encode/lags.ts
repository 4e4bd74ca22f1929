import type { Example } from '../sources/example.ts';
import type { Applicable } from '../stream/stateful.ts';
import { namesOf, observed, type PastOptions, type PastValue, withFeatures } from './past.ts';

/** What lags remember: the last values of each name, newest first. */
export type LagMemory = { readonly past: PastValue[][] };

/** Options of {@link lags}. */
export interface LagOptions extends PastOptions {
  /** How many values back, 1 … 1,000. Default 1. */
  readonly last?: number;
}

const LAST_MAX = 1_000;

/**
 * Adds what was: the values of the examples before as the features `heat:lag1`, `heat:lag2`. Only
 * of the past, so that the target can be among the names. A target that is missing is skipped, so
 * `target:lag1` is the last one that is known; a missing feature is a missing lag.
 */
export const lags = ({ of, last = 1 }: LagOptions): Applicable<LagMemory, Example, Example> => {
  const names = namesOf({ of });
  if (!Number.isInteger(last) || last < 1 || last > LAST_MAX)
    throw new RangeError(`last: expected a whole number from 1 to ${LAST_MAX}, got ${last}`);
  const columns = names.map((name) =>
    Array.from({ length: last }, (_, i) => `${name}:lag${i + 1}`),
  );
  const apply = ({ past }: LagMemory, example: Example): Example =>
    withFeatures(
      example,
      columns.flatMap((column, i) =>
        column.map((name, j) => [name, past[i]?.[j] ?? null] as const),
      ),
    );
  return {
    name: 'lags',
    initial: () => ({ past: names.map(() => []) }),
    apply,
    update: (memory, example) => {
      const lagged = apply(memory, example);
      for (const [i, name] of names.entries()) {
        const value = observed(example, name);
        if (name !== 'target' || value !== null) push(memory.past[i]!, value, last);
      }
      return lagged;
    },
  };
};

const push = (past: PastValue[], value: PastValue, last: number): void => {
  past.unshift(value);
  if (past.length > last) past.pop();
};
