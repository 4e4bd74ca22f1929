import type { Snapshot } from '../../src/snapshot/snapshot.ts';

/** A model of so many parameters that learns: its steps become smaller, as those of a network do. */
export const modelAt = (step: number, parameterCount: number): Snapshot => {
  const values = new Float32Array(parameterCount);
  const progress = Math.log1p(step);
  for (let i = 0; i < parameterCount; i += 1) values[i] = Math.sin(i + 0.05 * progress) * 0.3;
  return {
    step,
    cost: {
      count: step,
      sum: step / 2,
      mean: 0.5,
      sumSquares: step / 3,
      windowed: { count: 100, mean: 0.5, min: 0.1, max: 0.9 },
      nonFinite: 0,
    },
    metrics: { accuracy: 0.9 },
    baseline: { accuracy: 0.1 },
    rejected: 0,
    predictions: [],
    tensors: [{ name: 'l0.W', shape: [parameterCount], values }],
  };
};
