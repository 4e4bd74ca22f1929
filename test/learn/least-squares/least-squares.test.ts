import { describe, expect, it } from 'vitest';
import { LeastSquares } from '../../../src/learn/least-squares/least-squares.ts';
import { initialRandom, randomNormal } from '../../../src/math/random.ts';

const draws = (seed: number, count: number): Float64Array => {
  const random = initialRandom(seed);
  return Float64Array.from({ length: count }, () => randomNormal(random));
};

/** Learns y = Σ i·x_i. Returns the weights. */
const learned = (size: number, samples: number): Float64Array => {
  const solver = new LeastSquares(size);
  const weights = new Float64Array(size);
  for (let s = 0; s < samples; s += 1) {
    const x = draws(s, size);
    const error = x.reduce((sum, value, i) => sum + (weights[i]! - i) * value, 0);
    const { gain, direction } = solver.take(x, 1);
    for (let i = 0; i < size; i += 1) weights[i]! -= gain * error * direction[i]!;
  }
  return weights;
};

/** The same in plain numbers, for a few steps. */
const plainInverse = (size: number, xs: readonly Float64Array[]): number[][] => {
  let inverse: number[][] = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)),
  );
  for (const x of xs) {
    const d = inverse.map((row) => row.reduce((sum, value, j) => sum + value * x[j]!, 0));
    const gain = 1 / (0.999 + d.reduce((sum, value, i) => sum + value * x[i]!, 0));
    const trace = inverse.reduce((sum, row, i) => sum + row[i]!, 0);
    const inflation = trace > size ? 1 : 1 / 0.999;
    inverse = inverse.map((row, i) =>
      row.map((value, j) => (value - gain * d[i]! * d[j]!) * inflation),
    );
  }
  return inverse;
};

describe('LeastSquares', () => {
  it.each([1, 2, 5, 8])('finds %i weights from few samples', (size) => {
    const weights = learned(size, 400);
    for (let i = 0; i < size; i += 1) expect(weights[i]).toBeCloseTo(i, 1);
  });

  it('keeps the inverse that the formula gives', () => {
    const xs = Array.from({ length: 20 }, (_, s) => draws(s, 5));
    const solver = new LeastSquares(5);
    for (const x of xs) solver.take(x, 1);
    const probe = draws(99, 5);
    const expected = plainInverse(5, xs).map((row) =>
      row.reduce((sum, value, j) => sum + value * probe[j]!, 0),
    );
    const { direction } = solver.take(probe, 1);
    for (let i = 0; i < 5; i += 1) expect(direction[i]).toBeCloseTo(expected[i]!, 10);
  });

  it('keeps only the diagonal of many, and knows it again when it grew', () => {
    expect(learned(200, 50).every(Number.isFinite)).toBe(true);
    const solver = new LeastSquares(3);
    const x = draws(1, 3);
    for (let s = 0; s < 10; s += 1) solver.take(draws(s, 3), 1);
    const before = solver.take(x, 0.5).direction.slice(0, 3);
    const grown = new LeastSquares(3);
    for (let s = 0; s < 10; s += 1) grown.take(draws(s, 3), 1);
    grown.grow(5, [0, 1, 4]);
    const after = grown.take(Float64Array.of(x[0]!, x[1]!, 0, 0, x[2]!), 0.5).direction;
    expect([after[0], after[1], after[4]]).toEqual([...before]);
    grown.grow(300, [0, 1, 2, 3, 4]);
    expect(grown.take(draws(2, 300), 1).gain).toBeGreaterThan(0);
  });

  it('resumes from a copy', () => {
    const [one, two] = [new LeastSquares(4), new LeastSquares(1)];
    for (let s = 0; s < 10; s += 1) one.take(draws(s, 4), 1);
    two.load(one.save());
    const [a, b] = [one.take(draws(50, 4), 2), two.take(draws(50, 4), 2)];
    expect(b.gain).toBe(a.gain);
    expect([...b.direction]).toEqual([...a.direction]);
  });
});
