import { describe, expect, it } from 'vitest';
import { fading } from '../../src/evaluate/fading.ts';
import { outcome } from '../../src/evaluate/metric.ts';
import { mae } from '../../src/evaluate/metrics/index.ts';

/** The fading mean absolute error of errors of these sizes. */
const faded = (factor: number, errors: readonly number[], weight = 1): number => {
  const metric = fading(mae(), { factor });
  const memory = metric.initial();
  for (const error of errors) metric.update(memory, outcome([error], [0], weight));
  return metric.value(memory);
};

describe('fading', () => {
  it('counts an outcome of k samples ago factor^k times', () => {
    expect(faded(0.5, [8, 4, 2])).toBeCloseTo((8 / 4 + 4 / 2 + 2) / (1 / 4 + 1 / 2 + 1), 12);
  });

  it('changes nothing where the factor is 1', () => {
    expect(faded(1, [8, 4, 3])).toBe(5);
  });

  it('stays finite and exact however many outcomes there are', () => {
    const errors = Array.from({ length: 5_000 }, (_, i) => i % 2);
    // The newest counts 1, the one before 1/2: 1 + 1/4 + … over 1 + 1/2 + …
    expect(faded(0.5, errors)).toBeCloseTo(4 / 3 / 2, 12);
  });

  it('is named after what fades, and refuses what cannot', () => {
    expect(fading(mae()).name).toBe('mae.fading');
    const unscaled = Object.assign(mae(), { scale: undefined });
    expect(() => fading(unscaled)).toThrow('mae cannot fade');
    expect(() => fading(mae(), { factor: 0 })).toThrow('factor');
  });
});
