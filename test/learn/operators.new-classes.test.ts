import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { encode, standardise } from '../../src/encode/operators.ts';
import { Duel } from '../../src/evaluate/duel.ts';
import { accuracy, balancedAccuracy, logLoss } from '../../src/evaluate/metrics/index.ts';
import { compare, evaluate } from '../../src/evaluate/operators.ts';
import { hedge } from '../../src/learn/hedge.ts';
import type { Learner, Update } from '../../src/learn/learner.ts';
import { Network } from '../../src/learn/network.ts';
import type { NetworkOptions } from '../../src/learn/network-options.ts';
import { learn } from '../../src/learn/operators.ts';
import { pool } from '../../src/learn/pool/pool.ts';
import { seedNetwork, singleNetwork } from '../../src/learn/single-network.ts';
import type { Example } from '../../src/sources/example.ts';
import type { Sample } from '../../src/sources/sample.ts';

const size = { task: 'classification', inputCount: 1, outputCount: 2 } as const;

const crossEntropy = {
  sizes: [1, 4, 2],
  activations: ['sigmoid', 'softmax'],
  loss: 'crossEntropy',
} satisfies NetworkOptions;

/** Each kind of learner, and J of a prediction that gave a class nothing and others all. */
const learners: Readonly<Record<string, readonly [() => Learner, number, number]>> = {
  pool: [() => pool(size), 34.5, 34.6],
  'a hedge': [() => hedge([pool(size), singleNetwork(size)]), 34.5, 34.6],
  'the single network': [() => singleNetwork(size), 34.5, 34.6],
  'the seed network': [() => seedNetwork(size), 0.5, 30],
  'a network with half the squared error': [() => new Network({ sizes: [1, 4, 2] }), 0.5, 30],
  'a network with cross-entropy': [() => new Network(crossEntropy), 34.5, 34.6],
  'a network on the reference engine': [
    () => new Network({ ...crossEntropy, engine: 'reference' }),
    34.5,
    34.6,
  ],
  'a duel': [() => new Duel(pool(size), seedNetwork(size)), 34.5, 34.6],
  'a learner without lastPrediction and costOf': [() => plain(), 0.5, 1],
};

/** Gives each class the same. */
const plain = (): Learner => ({
  inputCount: 1,
  outputCount: 2,
  predict() {
    return new Float64Array(this.outputCount).fill(1 / this.outputCount);
  },
  learn: () => 0.1,
  save: () => ({}),
  load() {},
  grow(_inputCount, outputCount) {
    Object.assign(this, { outputCount });
  },
});

const everyClassNew: Example[] = Array.from({ length: 40 }, (_, i) => ({
  features: { a: (i * 37) % 11 },
  target: `class ${i}`,
}));

/** Each tenth row is of a class that never came before, and the others are of one. */
const tenthClassNew: Example[] = Array.from({ length: 400 }, (_, i) => ({
  features: { a: (i * 37) % 11 },
  target: i % 10 === 9 ? `class ${i}` : 'usual',
}));

const updatesOf = (learner: Learner, examples: readonly Example[]): Promise<Update[]> =>
  lastValueFrom(
    from(examples).pipe(
      encode({ task: 'classification' }),
      standardise(),
      learn(learner, { growing: true }),
      toArray(),
    ),
  );

const accuracyOf = async (updates: readonly Update[]): Promise<Record<string, number>> => {
  const scoring = evaluate({ accuracy: accuracy(), balancedAccuracy: balancedAccuracy() });
  return { ...(await lastValueFrom(from(updates).pipe(scoring))).read().metrics };
};

describe.each(Object.entries(learners))('%s', (_name, [make, least, most]) => {
  test('is never right about a class that appears for the first time', async () => {
    const updates = await updatesOf(make(), everyClassNew);
    expect(updates.map(({ prediction }) => prediction.length)).toEqual(
      everyClassNew.map((_, i) => i),
    );
    expect(await accuracyOf(updates)).toEqual({ accuracy: 0, balancedAccuracy: 0 });
    for (const { cost } of updates.slice(1)) expect(cost).toBeGreaterThanOrEqual(least);
    for (const { cost } of updates) expect(cost).toBeLessThanOrEqual(most);
  });

  test('is wrong about each tenth row where that is of a new class', async () => {
    const score = await accuracyOf(await updatesOf(make(), tenthClassNew));
    expect(score['accuracy']).toBeLessThan(0.9);
    expect(score['balancedAccuracy']).toBeLessThan(1 / 41);
  });
});

test('a new class is predicted as the model would have answered a moment before', async () => {
  const learner = pool(size);
  const updates = await updatesOf(learner, tenthClassNew.slice(0, 209));
  const twin = pool(size);
  twin.grow(1, 22);
  twin.load(learner.save());
  const sample: Sample = { x: [0.5], y: [...new Array<number>(21).fill(0), 1], classCount: 21 };
  const expected = Array.from(twin.predict(sample.x));
  const [update] = await lastValueFrom(
    from([sample]).pipe(learn(learner, { growing: true }), toArray()),
  );
  expect(updates).toHaveLength(209);
  expect(expected).toHaveLength(21);
  expect(Array.from(update!.prediction)).toEqual(expected);
});

test('vectors that become longer bring new classes, without an encoder too', async () => {
  const samples = Array.from({ length: 20 }, (_, i) => ({
    x: [i],
    y: Array.from({ length: i + 3 }, (_, k) => (k === i + 2 ? 1 : 0)),
  }));
  const learning = learn(pool(size), { growing: true });
  const updates = await lastValueFrom(from(samples).pipe(learning, toArray()));
  expect(updates.map(({ prediction }) => prediction.length)).toEqual(samples.map((_, i) => i + 2));
  expect((await accuracyOf(updates))['accuracy']).toBe(0);
});

test('outputs that no class stands for yet are left out of the prediction', async () => {
  const learner = pool({ ...size, outputCount: 10 });
  const updates = await updatesOf(learner, tenthClassNew.slice(0, 60));
  expect(updates.slice(0, 12).map(({ prediction }) => prediction.length)).toEqual([
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2,
  ]);
});

test('a sample that is only asked is predicted over the classes known, too', async () => {
  const asked: Example = { features: { a: 1 } };
  const updates = await updatesOf(pool(size), [asked, ...everyClassNew.slice(0, 1), asked]);
  expect(updates.map(({ prediction }) => prediction.length)).toEqual([0, 0, 1]);
});

test('a comparison and a duel of two alike find no difference in new classes', async () => {
  const [one, other] = [updatesOf(pool(size), everyClassNew), updatesOf(pool(size), everyClassNew)];
  const compared = await lastValueFrom(from(await one).pipe(compare(from(await other))));
  expect(compared.read()).toMatchObject({ count: 40, difference: 0 });
  const duel = new Duel(pool(size), pool({ ...size, seed: 2 }));
  await updatesOf(duel, everyClassNew);
  // The first two classes have outputs from the start; all others cost both the same.
  expect(duel.comparison().count).toBe(40);
  expect(Math.abs(duel.comparison().difference)).toBeLessThan(0.2);
});

test('a fair cost of a duel sees a new class as a mistake of both', async () => {
  const of = ({ predictedClass, trueClass }: { predictedClass: number; trueClass: number }) =>
    predictedClass === trueClass ? 0 : 1;
  const costs: number[] = [];
  const counting: typeof of = (outcome) => {
    costs.push(of(outcome));
    return of(outcome);
  };
  await updatesOf(new Duel(pool(size), plain(), { of: counting }), everyClassNew);
  expect(costs.slice(4).every((cost) => cost === 1)).toBe(true);
});

test('the cost of a new class is that of the log loss', async () => {
  const updates = await updatesOf(pool(size), everyClassNew);
  const last = await lastValueFrom(from(updates).pipe(evaluate({ logLoss: logLoss() })));
  expect(updates[0]!.cost).toBeCloseTo(34.539, 3);
  expect(last.read().metrics['logLoss']).toBeCloseTo(last.total.mean, 9);
});
