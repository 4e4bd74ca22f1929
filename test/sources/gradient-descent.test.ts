import { lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { gradientDescent } from '../../src/sources/gradient-descent.ts';

const classic = { gradient: (x: number) => 4 * x ** 3 - 9 * x ** 2, start: 6 };

describe('gradientDescent', () => {
  test('in one dimension ends where the classic example ends, to the last bit', async () => {
    const steps = await lastValueFrom(gradientDescent(classic).pipe(toArray()));
    expect(steps).toHaveLength(70);
    expect(steps.at(-1)?.position).toBe(2.2499646074278457);
    expect(steps[0]).toMatchObject({ step: 1, position: 6 - 0.01 * 540, gradient: 540 });
    expect(steps[0]!.distance).toBeCloseTo(5.4, 12);
    expect(steps.map(({ ended }) => ended)).toEqual([
      ...new Array(69).fill(undefined),
      'converged',
    ]);
  });

  test('in two dimensions finds the bottom of a bowl', async () => {
    const descent = gradientDescent({
      gradient: ([x, y]) => [2 * (x! - 1), 8 * (y! + 2)],
      start: [5, 5],
      learningRate: 0.1,
    });
    const { position } = await lastValueFrom(descent);
    expect(position[0]).toBeCloseTo(1, 3);
    expect(position[1]).toBeCloseTo(-2, 3);
  });

  test('descends anew for each subscriber, and stops when it is unsubscribed', async () => {
    let calls = 0;
    const gradient = (x: number): number => {
      calls += 1;
      return 2 * x;
    };
    const descent = gradientDescent({ gradient, start: 1 });
    const first = await lastValueFrom(descent.pipe(take(3), toArray()));
    expect(calls).toBe(3);
    expect(await lastValueFrom(descent.pipe(take(3), toArray()))).toEqual(first);
  });

  test('says when the learning rate makes it leave the numbers', async () => {
    const wild = gradientDescent({ ...classic, learningRate: 1 });
    await expect(lastValueFrom(wild)).rejects.toThrow(/lower the learning rate/);
  });

  test('ends after stepsMax steps at the latest', async () => {
    const slow = gradientDescent({ ...classic, learningRate: 1e-9, precision: 0, stepsMax: 25 });
    const steps = await lastValueFrom(slow.pipe(toArray()));
    expect(steps).toHaveLength(25);
    expect(steps.map(({ ended }) => ended)).toEqual([...new Array(24).fill(undefined), 'stepsMax']);
  });

  test.each([{ learningRate: 0 }, { precision: -1 }, { stepsMax: 0 }])('refuses %o', (bad) => {
    expect(() => gradientDescent({ ...classic, ...bad })).toThrow(RangeError);
  });
});
