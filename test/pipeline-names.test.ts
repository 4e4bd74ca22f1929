import { from, lastValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { confusionMatrix } from '../src/evaluate/confusion-matrix.ts';
import { accuracy } from '../src/evaluate/metrics/index.ts';
import type { Update } from '../src/learn/learner.ts';
import type { ClassPrediction, NumberPrediction } from '../src/learn/named-prediction.ts';
import { pool } from '../src/learn/pool/pool.ts';
import { singleNetwork } from '../src/learn/single-network.ts';
import { initialRandom, randomNormal } from '../src/math/random.ts';
import { Pipeline, type PipelineOptions } from '../src/pipeline.ts';
import type { Example } from '../src/sources/example.ts';

/** One in ten is fraud, and only likelier to be one where a is large. */
const payments = (count: number): Example[] => {
  const random = initialRandom(7);
  return Array.from({ length: count }, (_, i) => {
    const target = i % 10 === 0 ? 'fraud' : 'fine';
    const a = randomNormal(random) + (target === 'fraud' ? 1.5 : 0);
    return { features: { a, at: i % 3 === 0 ? 'home' : 'shop' }, target };
  });
};

const learned = (examples: readonly Example[], options: Partial<PipelineOptions> = {}) => {
  const task = 'classification' as const;
  const learner = singleNetwork({ task, inputCount: 1, outputCount: 2 });
  const pipeline = new Pipeline({
    ...{ task, learner, metrics: { accuracy: accuracy() } },
    tables: { confusion: confusionMatrix() },
    ...options,
  });
  for (const example of examples) pipeline.learn(example);
  pipeline.stop();
  return pipeline;
};

const confusionOf = ({ tables }: Pipeline) => tables['confusion'] as number[][];
const recallOf = (pipeline: Pipeline, label: string): number => {
  const k = pipeline.classes!.indexOf(label);
  const row = confusionOf(pipeline)[k]!;
  return row[k]! / row.reduce((sum, count) => sum + count, 0);
};

describe('a named prediction of a class', () => {
  test('has the likeliest label, and the output of each class by its name', () => {
    const pipeline = learned(payments(300));
    const example = { features: { a: -1, at: 'home' } };
    const named = pipeline.predict(example, { named: true }) as ClassPrediction;
    const outputs = pipeline.predict(example);
    expect(pipeline.classes).toEqual(['fraud', 'fine']);
    expect(named.label).toBe('fine');
    expect(named.probabilities['fraud']).toBeCloseTo(outputs[0]!, 6);
    expect(named.probabilities['fine']).toBeCloseTo(outputs[1]!, 6);
    expect(named).not.toHaveProperty('unknown');
  });

  test('has no label before any class is known', () => {
    expect(learned([]).predict({ features: {} }, { named: true })).toEqual({ probabilities: {} });
  });

  test('names the features that the model does not know, and those that it knows', () => {
    const pipeline = learned(payments(50));
    const features = { amount: 3, a: 1, At: 'home', at: 'home', note: null };
    expect(pipeline.predict({ features }, { named: true }).unknown).toEqual({
      names: ['amount', 'At'],
      known: ['a', 'at'],
    });
    expect(pipeline.predict({ features: { a: 1 } }, { named: true }).unknown).toBeUndefined();
  });
});

describe('a named prediction of a number', () => {
  const numbers = Array.from({ length: 400 }, (_, i) => ({
    features: { a: i % 20 },
    target: 5 * (i % 20) + (i % 3),
  }));
  const task = 'regression' as const;

  test('has an interval that widens with the coverage', () => {
    const learner = pool({ task, inputCount: 1, outputCount: 1 });
    const pipeline = learned(numbers, { task, learner, tables: {}, metrics: {} });
    const example = { features: { a: 7 } };
    const at = (coverage: number) =>
      pipeline.predict(example, { named: true, coverage }) as NumberPrediction;
    expect(at(0.9).value).toBe(pipeline.predict(example)[0]);
    const [narrow, wide] = [at(0.5).interval!, at(0.95).interval!];
    expect(wide.low).toBeLessThan(narrow.low);
    expect(wide.high).toBeGreaterThan(narrow.high);
    expect(at(0.9).interval).toEqual(learner.interval(firstInput(pipeline, 7), 0.9));
    expect(() => at(1)).toThrow('coverage must be above 0 and below 1, not 1');
  });

  test('has none where the learner gives none', () => {
    const learner = singleNetwork({ task, inputCount: 1, outputCount: 1 });
    const pipeline = learned(numbers, { task, learner, tables: {}, metrics: {} });
    expect(pipeline.predict({ features: { a: 7 } }, { named: true })).toEqual({
      value: pipeline.predict({ features: { a: 7 } })[0],
    });
  });
});

/** x of a record with the one feature a. */
const firstInput = (pipeline: Pipeline, a: number): number[] => pipeline.slots.map(() => a);

describe('a threshold', () => {
  test('predicts its class where its probability reaches it, and is scored so', () => {
    const examples = payments(2_000);
    const plain = learned(examples);
    const eager = learned(examples, { threshold: { label: 'fraud', probability: 0.15 } });
    // The weights are the same: only what is decided differs.
    const outputs = plain.predict({ features: { a: 1.5 } });
    expect([...eager.predict({ features: { a: 1.5 } })]).toEqual([...outputs]);
    expect(outputs[0]).toBeGreaterThan(0.15);
    expect(outputs[0]).toBeLessThan(0.5);
    const label = (pipeline: Pipeline) =>
      (pipeline.predict({ features: { a: 1.5 } }, { named: true }) as ClassPrediction).label;
    expect([label(plain), label(eager)]).toEqual(['fine', 'fraud']);
    expect(recallOf(eager, 'fraud')).toBeGreaterThan(recallOf(plain, 'fraud') + 0.2);
  });

  test('counts in accuracy and the table alike', async () => {
    const threshold = { label: 'fraud', probability: 0.15 };
    const pipeline = learned([], { threshold });
    const { metrics } = await lastValueFrom(pipeline.run(from(payments(500))));
    const rows = confusionOf(pipeline);
    const right = rows.reduce((sum, row, k) => sum + row[k]!, 0);
    expect(metrics['accuracy']).toBeCloseTo(right / 500, 12);
    expect(right).toBeLessThan(450);
  });

  test('decides among the others for the likeliest', () => {
    const examples = ['x', 'y', 'z'].flatMap((target, a) =>
      Array.from({ length: 100 }, () => ({ features: { a }, target })),
    );
    const pipeline = learned(examples, { threshold: { label: 'x', probability: 0.9 } });
    expect(pipeline.decide([0.89, 0.05, 0.06])).toBe(2);
    expect(pipeline.decide([0.9, 0.05, 0.05])).toBe(0);
    expect(pipeline.decide([0.2, 0.5, 0.3])).toBe(1);
  });

  test.each([0, 1, Number.NaN])('of %s is refused', (probability) => {
    expect(() => learned([], { threshold: { label: 'x', probability } })).toThrow(
      /the threshold of "x" must be a probability above 0 and below 1/,
    );
  });
});

describe('class weights', () => {
  test('raise the recall of a rare class, and count nothing twice in the scores', () => {
    const examples = payments(2_000);
    const plain = learned(examples);
    const weighted = learned(examples, { classWeights: { fraud: 9 } });
    expect(recallOf(weighted, 'fraud')).toBeGreaterThan(recallOf(plain, 'fraud') + 0.2);
    expect(
      confusionOf(weighted)
        .flat()
        .reduce((sum, count) => sum + count, 0),
    ).toBe(2_000);
  });

  test('multiply the weight that an example has', () => {
    const examples = payments(100);
    const twice = examples.map((example) => ({ ...example, weight: 2 }));
    const six = examples.map((example) => ({
      ...example,
      weight: example.target === 'fraud' ? 6 : 2,
    }));
    const outputs = (pipeline: Pipeline) => [...pipeline.predict({ features: { a: 1 } })];
    expect(outputs(learned(twice, { classWeights: { fraud: 3 } }))).toEqual(outputs(learned(six)));
  });

  test.each([-1, Number.NaN, 2e6])('of %s are refused', (weight) => {
    expect(() => learned([], { classWeights: { fraud: weight } })).toThrow(
      /the weight of class "fraud" must be a number from 0 to 1e6/,
    );
  });
});

test('updates are what was predicted before each sample was learned', () => {
  const seen: Update[] = [];
  const pipeline = learned(payments(50), { updates: { next: (update) => seen.push(update) } });
  pipeline.learn({ features: { a: 1 } });
  pipeline.stop();
  expect(seen.length).toBe(51);
  expect(seen[0]!.prediction).toHaveLength(0);
  expect(seen.at(-1)!.sample.y).toBeUndefined();
  expect(seen.at(-1)!.prediction[0]).toBe(pipeline.predict({ features: { a: 1 } })[0]);
});
