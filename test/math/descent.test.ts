import { describe, expect, test } from 'vitest';
import { type DescentOptions, descentSteps } from '../../src/math/descent.ts';

const bowl: DescentOptions<number> = { gradient: (x) => 2 * x, start: 8 };

describe('descentSteps', () => {
  test('moves against the gradient, α times as far', () => {
    const steps = [...descentSteps({ ...bowl, learningRate: 0.25, stepsMax: 3 })];
    expect(steps).toEqual([
      { step: 1, position: 4, gradient: 16, distance: 4 },
      { step: 2, position: 2, gradient: 8, distance: 2 },
      { step: 3, position: 1, gradient: 4, distance: 1, ended: 'stepsMax' },
    ]);
  });

  test('measures distances over all dimensions', () => {
    const [first] = descentSteps({ gradient: () => [3, 4], start: [0, 1], learningRate: 1 });
    expect(first).toEqual({ step: 1, position: [-3, -3], gradient: [3, 4], distance: 5 });
  });

  test('has converged as soon as a step is at most as long as the precision', () => {
    const steps = [...descentSteps({ ...bowl, learningRate: 0.25, precision: 0.5 })];
    expect(steps.map(({ distance }) => distance)).toEqual([4, 2, 1, 0.5]);
    expect(steps.map(({ ended }) => ended)).toEqual([undefined, undefined, undefined, 'converged']);
  });

  test('has a rate of 0.01, a precision of 0.00001 and at most 10,000 steps by default', () => {
    const steps = [...descentSteps(bowl)];
    expect(steps[0]!.distance).toBeCloseTo(0.16, 12);
    expect(steps.at(-1)!.distance).toBeLessThanOrEqual(0.00001);
    expect(steps.at(-2)!.distance).toBeGreaterThan(0.00001);
    const slope = [...descentSteps({ gradient: () => 1, start: 0 })];
    expect(slope).toHaveLength(10_000);
    expect(slope.at(-1)!.ended).toBe('stepsMax');
  });

  test('begins anew with each iteration', () => {
    const steps = descentSteps(bowl);
    expect([...steps]).toEqual([...steps]);
  });

  test('ends with an error where a position is no longer finite', () => {
    const steep = descentSteps({ gradient: (x) => -x * 1e200, start: 1e200 });
    expect(() => [...steep]).toThrow(
      'the position is not finite at step 1: lower the learning rate',
    );
    const oneOfTwo = descentSteps({ gradient: () => [0, -Infinity], start: [0, 0] });
    expect(() => [...oneOfTwo]).toThrow('not finite at step 1');
  });

  test.each([
    [{ learningRate: 0 }, 'learningRate must be > 0, not 0'],
    [{ learningRate: Number.NaN }, 'learningRate must be > 0, not NaN'],
    [{ precision: -1 }, 'precision must be ≥ 0, not -1'],
    [{ precision: Number.NaN }, 'precision must be ≥ 0, not NaN'],
    [{ stepsMax: 0 }, 'stepsMax must be ≥ 1, not 0'],
    [{ stepsMax: Number.NaN }, 'stepsMax must be ≥ 1, not NaN'],
  ])('refuses %o when it is made', (bad, message) => {
    expect(() => descentSteps({ ...bowl, ...bad })).toThrow(new RangeError(message));
  });

  test('takes a precision of 0 and a single step', () => {
    expect([...descentSteps({ ...bowl, precision: 0, stepsMax: 1 })]).toHaveLength(1);
  });
});
