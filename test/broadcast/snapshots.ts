import type { Snapshot } from '../../src/snapshot/snapshot.ts';

/** A made-up snapshot after a number of steps: two tensors that drift, and a cost that falls. */
export const snapshotAt = (step: number): Snapshot => ({
  step,
  cost: {
    count: step,
    sum: 2 * Math.sqrt(step),
    mean: 2 / Math.sqrt(step),
    sumSquares: 4,
    windowed: { count: Math.min(step, 100), mean: 0.5, min: 0.1, max: 0.9 },
    nonFinite: 0,
  },
  metrics: { accuracy: 0.75 },
  baseline: { accuracy: Number.NaN },
  rejected: 0,
  predictions: [{ step, x: [0, 1], y: 'a', prediction: [0.9, 0.1, 0.2], cost: 0.1 }],
  tensors: [
    {
      name: 'l0.W',
      shape: [3, 2],
      values: Float64Array.from({ length: 6 }, (_, i) => Math.sin(i + step / 10)),
    },
    {
      name: 'l0.b',
      shape: [3],
      values: Float64Array.from({ length: 3 }, (_, i) => Math.cos(i * step) / 100),
    },
  ],
  classes: ['a', 'b', 'c'],
});
