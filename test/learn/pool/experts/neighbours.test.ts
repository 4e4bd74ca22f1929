import { describe, expect, it } from 'vitest';
import { NeighboursExpert } from '../../../../src/learn/pool/experts/neighbours.ts';
import { PoolInputs } from '../../../../src/learn/pool/inputs.ts';
import { initialRandom, randomNormal } from '../../../../src/math/random.ts';

const sizes = { inputCount: 3, classCount: 0 };
const random = initialRandom(4);
const point = (): Float64Array => Float64Array.from({ length: 3 }, () => randomNormal(random));

/** What an expert sees of a point that is standardised already. */
const seen = (z: Float64Array): PoolInputs => Object.assign(new PoolInputs(sizes), { steady: z });

const plainVote = (
  points: readonly Float64Array[],
  targets: readonly number[],
  z: Float64Array,
): number => {
  const nearest = points
    .map((p, i) => ({
      distance: Math.hypot(...p.map((value, j) => value - z[j]!)),
      target: targets[i]!,
    }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5)
    .map(({ distance, target }) => ({ weight: 1 / (distance + 0.05), target }));
  const whole = nearest.reduce((sum, { weight }) => sum + weight, 0);
  return nearest.reduce((sum, { weight, target }) => sum + weight * target, 0) / whole;
};

describe('NeighboursExpert', () => {
  it('finds the five nearest of the last 1,024, before and after it grows', () => {
    const expert = new NeighboursExpert(sizes);
    const points: Float64Array[] = [];
    const targets: number[] = [];
    const out = new Float64Array(1);
    for (let i = 0; i < 2_000; i += 1) {
      const z = point();
      expert.learn(seen(z), { label: 0, value: i, weight: 1 }, out);
      if (i > 5 && i % 97 === 0) {
        expect(out[0]).toBeCloseTo(plainVote(points.slice(-1_024), targets.slice(-1_024), z), 3);
      }
      points.push(z);
      targets.push(i);
    }
    const z = point();
    const expected = plainVote(points.slice(-1_024), targets.slice(-1_024), z);
    expert.grow({ inputCount: 6, classCount: 0 });
    expert.predict(seen(Float64Array.of(...z, 0, 0, 0)), out);
    expect(out[0]).toBeCloseTo(expected, 3);
  });

  it('knows nothing at first', () => {
    const out = new Float64Array(4);
    new NeighboursExpert({ inputCount: 3, classCount: 4 }).predict(seen(point()), out);
    expect([...out]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('finds whom it has seen while there are no inputs', () => {
    const none = { inputCount: 0, classCount: 2 };
    const expert = new NeighboursExpert(none);
    const out = new Float64Array(2);
    for (let i = 0; i < 40; i += 1) {
      expert.learn(new PoolInputs(none), { label: i < 9 ? 0 : 1, value: 0, weight: 1 }, out);
    }
    expert.predict(new PoolInputs(none), out);
    // Of equally near ones the first five, and the first ten.
    expect(out[0]).toBeCloseTo(5.25 / 5.5);
    expect(expert.crowd[0]).toBeCloseTo(9.25 / 10.5);
  });

  it('finds nobody once it has begun again', () => {
    const expert = new NeighboursExpert(sizes);
    const z = point();
    const out = new Float64Array(1);
    for (let i = 0; i < 400; i += 1) expert.learn(seen(z), { label: 0, value: 7, weight: 1 }, out);
    expert.reset();
    expert.predict(seen(z), out);
    expect(out[0]).toBe(0);
    expert.learn(seen(z), { label: 0, value: 3, weight: 1 }, out);
    expert.predict(seen(z), out);
    expect(out[0]).toBeCloseTo(3);
  });
});
