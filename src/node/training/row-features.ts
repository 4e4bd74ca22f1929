import type { Row } from '../../broadcast/model.ts';
import type { Pipeline } from '../../pipeline.ts';
import { SampleError } from '../../stream/rejection.ts';

/** A vector is a record whose features are the numbers that the pipeline knows, in its order. */
export const recordOf = (row: Row, { slots }: Pipeline): Readonly<Record<string, unknown>> => {
  if ('features' in row) return row.features;
  if (slots.some(({ kind }) => kind !== 'number')) {
    throw new SampleError('shape', 'this model knows features that are no numbers: send records');
  }
  if (row.x.length !== slots.length) {
    throw new SampleError('shape', `expected ${slots.length} numbers, got ${row.x.length}`);
  }
  return Object.fromEntries(slots.map(({ feature }, i) => [feature, missingOr(row.x[i]!)]));
};

const missingOr = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);

/** The position of the largest value. */
export const largest = (values: ArrayLike<number>): number => {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[best]!) best = i;
  return best;
};
