import { expect, test } from 'vitest';
import { comparison } from '../../src/evaluate/comparison.ts';
import { initialRandom, type RandomMemory, randomNormal } from '../../src/math/random.ts';

const part = comparison();

const after = (costs: readonly (readonly [number, number])[], made = part) => {
  const memory = made.initial();
  for (const [champion, challenger] of costs) made.update(memory, { champion, challenger });
  return made.value(memory);
};

/** Costs of a champion whose mean is so much above the challenger's, both noisy. */
const noisy = (random: RandomMemory, gap: number, count: number): [number, number][] =>
  Array.from({ length: count }, () => [
    1 + gap + 0.5 * randomNormal(random),
    1 + 0.5 * randomNormal(random),
  ]);

test('the difference is the mean of what the champion costs more', () => {
  const { difference, count } = after([
    [3, 1],
    [2, 2],
    [1, 3],
    [5, 1],
  ]);
  expect(count).toBe(4);
  expect(difference).toBeCloseTo(1, 12);
});

test('nothing is sure before the warm-up is over', () => {
  const early = after(Array(99).fill([5, 1]));
  expect(early).toMatchObject({ confidence: 0, low: Number.NEGATIVE_INFINITY });
  expect(early.better).toBeUndefined();
  expect(after([]).difference).toBeNaN();
});

test('the limits are those of the formula', () => {
  const made = comparison({ confidence: 0.95, tightAt: 1000, warmup: 2 });
  const costs = noisy(initialRandom(1), 0.1, 500);
  const d = costs.map(([champion, challenger]) => champion - challenger);
  const mean = d.reduce((sum, value) => sum + value, 0) / 500;
  const variance = d.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 500;
  const rho2 = (-2 * Math.log(0.05) + Math.log(-2 * Math.log(0.05)) + 1) / 1000;
  const margin = Math.sqrt(
    ((variance * 2 * (500 * rho2 + 1)) / (500 ** 2 * rho2)) *
      Math.log(Math.sqrt(500 * rho2 + 1) / 0.05),
  );
  const { low, high } = after(costs, made);
  expect(low).toBeCloseTo(mean - margin, 10);
  expect(high).toBeCloseTo(mean + margin, 10);
});

test('a better challenger is found, and a better champion', () => {
  const found = after(noisy(initialRandom(2), 0.2, 2000));
  expect(found.better).toBe('challenger');
  expect(found.confidence).toBeGreaterThan(0.95);
  expect(found.low).toBeLessThan(0.2);
  expect(found.high).toBeGreaterThan(0.2);
  expect(after(noisy(initialRandom(3), -0.2, 2000)).better).toBe('champion');
});

test('looked at after every sample, two that are alike are seldom told apart', () => {
  const random = initialRandom(4);
  let wrong = 0;
  for (let run = 0; run < 200; run += 1) {
    const memory = part.initial();
    let isWrong = false;
    for (const [champion, challenger] of noisy(random, 0, 1000)) {
      part.update(memory, { champion, challenger });
      if (memory.count % 20 === 0) isWrong ||= part.value(memory).better !== undefined;
    }
    if (isWrong) wrong += 1;
  }
  expect(wrong / 200).toBeLessThanOrEqual(0.05);
});

test('two learners that never differ are alike', () => {
  const same = after(Array(500).fill([2, 2]));
  expect(same).toMatchObject({ difference: 0, low: 0, high: 0, confidence: 0 });
  expect(same.better).toBeUndefined();
});

test('a constant difference is sure', () => {
  expect(after(Array(500).fill([2, 1]))).toMatchObject({ confidence: 1, better: 'challenger' });
});

test('a cost that is not finite is left out', () => {
  const { count, difference } = after([
    [Number.NaN, 1],
    [2, 1],
    [1, Number.POSITIVE_INFINITY],
  ]);
  expect([count, difference]).toEqual([1, 1]);
});

test('the recent difference is that of the last while alone', () => {
  const made = comparison({ window: 10 });
  const costs: [number, number][] = [...Array(50).fill([1, 2]), ...Array(10).fill([4, 2])];
  expect(after(costs, made).recentDifference).toBe(2);
});

test('it resumes from a copied memory as if it had never stopped', () => {
  const costs = noisy(initialRandom(5), 0.1, 400);
  const memory = part.initial();
  for (const [champion, challenger] of costs.slice(0, 150)) {
    part.update(memory, { champion, challenger });
  }
  const copy = structuredClone(memory);
  for (const [champion, challenger] of costs.slice(150)) {
    part.update(copy, { champion, challenger });
  }
  expect(part.value(copy)).toEqual(after(costs));
});

test.each([{ confidence: 1 }, { confidence: 0.2 }, { warmup: 1 }, { tightAt: 0 }, { window: 0 }])(
  '%s is refused',
  (options) => {
    expect(() => comparison(options)).toThrow(RangeError);
  },
);
