import { from } from 'rxjs';
import { expect, test } from 'vitest';
import { encode, standardise, targetItself } from '../../src/encode/operators.ts';
import { type AnomalyScored, anomalyScorer } from '../../src/evaluate/anomaly-score.ts';
import { anomalyScore } from '../../src/evaluate/operators.ts';
import { autoencoder } from '../../src/learn/autoencoder.ts';
import type { Update } from '../../src/learn/learner.ts';
import { learn } from '../../src/learn/operators.ts';
import {
  initialRandom,
  type RandomMemory,
  randomNormal,
  randomUniform,
} from '../../src/math/random.ts';
import type { Example } from '../../src/sources/example.ts';
import { freshForEachSubscriber, operatorCases } from '../contracts/operator-cases.ts';

const updateOf = (cost: number): Update => ({
  step: 1,
  sample: { x: [0], y: [0] },
  prediction: [0],
  cost,
});

const scoreCase = {
  make: () => anomalyScore({ warmUp: 2 }),
  values: [updateOf(1), updateOf(8), updateOf(3.375)],
  expected: [0, 0, 0.5],
  show: ({ anomaly }: AnomalyScored) => anomaly,
} as const;
operatorCases<Update, AnomalyScored>('anomalyScore', scoreCase);
freshForEachSubscriber<Update, AnomalyScored>('anomalyScore', scoreCase);

/** Eight sensors that follow two causes; now and then one of them is off by itself. */
const sensors = (random: RandomMemory, i: number, isOff: boolean): Example['features'] => {
  const [tide, gust] = [Math.sin(i / 20), randomNormal(random)];
  const values = Array.from({ length: 8 }, (_, j) => {
    const caused = Math.cos(j) * tide + Math.sin(j) * gust;
    return 10 * j + caused + 0.1 * randomNormal(random) + (isOff && j === i % 8 ? 1.5 : 0);
  });
  return Object.fromEntries(values.map((value, j) => [`sensor ${j}`, value]));
};

/** The chance that one of `high` is above one of `low`. */
const area = (high: readonly number[], low: readonly number[]): number => {
  let wins = 0;
  for (const a of high) for (const b of low) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (high.length * low.length);
};

test.each([1, 2, 3])(
  'an autoencoder finds what is off though each value is usual (seed %i)',
  (seed) => {
    const random = initialRandom(seed);
    const isOff = Array.from(
      { length: 3_000 },
      (_, i) => i > 1_000 && randomUniform(random) < 0.01,
    );
    const scores: number[] = [];
    from(isOff.map((off, i) => ({ features: sensors(random, i, off) })))
      .pipe(
        encode(),
        standardise({ from: 'all' }),
        targetItself(),
        learn(autoencoder({ inputCount: 8, seed })),
        anomalyScore(),
      )
      .subscribe(({ anomaly }) => scores.push(anomaly));
    const found = scores.filter((_, i) => isOff[i]);
    const usual = scores.filter((_, i) => i > 1_000 && !isOff[i]);
    expect(found.length).toBeGreaterThan(10);
    expect(area(found, usual)).toBeGreaterThan(0.97);
    expect(usual.filter((score) => score > 0.999).length).toBeLessThan(usual.length / 100);
  },
);

const through = (costs: readonly number[]): number[] => {
  const part = anomalyScorer();
  const memory = part.initial();
  return costs.map((cost) => part.update(memory, updateOf(cost)).anomaly);
};

test('ordinary costs score evenly over 0 … 1, and one far out scores 1', () => {
  const random = initialRandom(4);
  const ordinary = Array.from({ length: 5_000 }, () => {
    const [a, b, c] = [randomNormal(random), randomNormal(random), randomNormal(random)];
    return a * a + b * b + c * c;
  });
  const scores = through([...ordinary, 1_000]);
  const settled = scores.slice(1_000, -1);
  for (const share of [0.1, 0.5, 0.9, 0.99]) {
    const below = settled.filter((score) => score < share).length / settled.length;
    expect(Math.abs(below - share)).toBeLessThan(0.03);
  }
  expect(scores.at(-1)).toBeGreaterThan(0.999999);
});

test('a few anomalies do not become ordinary', () => {
  const random = initialRandom(5);
  const costs = Array.from({ length: 2_000 }, (_, i) =>
    i > 1_000 && i % 100 < 5 ? 50 : randomNormal(random) ** 2,
  );
  const scores = through(costs);
  for (let i = 1_900; i < 1_905; i += 1) expect(scores[i]).toBeGreaterThan(0.99);
});

test('what cannot be scored changes nothing', () => {
  const part = anomalyScorer();
  const memory = part.initial();
  expect(part.update(memory, updateOf(Number.NaN)).anomaly).toBe(0);
  expect(memory).toEqual(part.initial());
});

test('a copy of the memory resumes as the memory does', () => {
  const part = anomalyScorer({ warmUp: 3 });
  const memory = part.initial();
  for (const cost of [1, 2, 3, 4]) part.update(memory, updateOf(cost));
  const copy = structuredClone(memory);
  expect(part.update(copy, updateOf(5))).toEqual(part.update(memory, updateOf(5)));
  expect(copy).toEqual(memory);
});

test.each([[{ window: 9 }], [{ window: 1e7 }], [{ warmUp: 1 }], [{ warmUp: Number.NaN }]])(
  '%o is misuse',
  (options) => {
    expect(() => anomalyScorer(options)).toThrow(RangeError);
  },
);
