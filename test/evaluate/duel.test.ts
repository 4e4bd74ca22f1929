import { from, lastValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { Duel } from '../../src/evaluate/duel.ts';
import { accuracy } from '../../src/evaluate/metrics/index.ts';
import { evaluate } from '../../src/evaluate/operators.ts';
import type { Learner } from '../../src/learn/learner.ts';
import { Network } from '../../src/learn/network.ts';
import { learn } from '../../src/learn/operators.ts';
import { sgd } from '../../src/learn/optimizers/index.ts';
import { initialRandom, randomNormal } from '../../src/math/random.ts';
import type { Sample } from '../../src/sources/sample.ts';
import { SampleError } from '../../src/stream/rejection.ts';

const network = (learningRate: number): Network =>
  new Network({
    sizes: [2, 4, 1],
    optimizer: sgd({ learningRate }),
    seed: 3,
    engine: 'reference',
  });

const random = initialRandom(1);
const samples: Sample[] = Array.from({ length: 1500 }, () => {
  const x = [randomNormal(random), randomNormal(random)];
  return { x, y: [x[0]! + x[1]! > 0 ? 1 : 0] };
});

const fight = (duel: Duel, seen: readonly Sample[]): Duel => {
  for (const { x, y } of seen) duel.learn(x, y!);
  return duel;
};

test('the champion answers, both learn, and the better one is found', () => {
  const [champion, challenger] = [network(0.0001), network(0.5)];
  const [alone, aloneToo] = [network(0.0001), network(0.5)];
  const duel = fight(new Duel(champion, challenger), samples);
  for (const { x, y } of samples) {
    alone.learn(x, y!);
    aloneToo.learn(x, y!);
  }
  const { x } = samples[0]!;
  expect(duel.predict(x)).toEqual(alone.predict(x));
  expect(duel.explain?.(x)).toEqual(alone.explain(x));
  expect(duel.tensors?.()).toEqual(alone.tensors());
  expect(challenger.predict(x)).toEqual(aloneToo.predict(x));
  expect(duel.comparison()).toMatchObject({ count: 1500, better: 'challenger' });
});

test('a fair cost may be given where the two have losses of their own', () => {
  const of = ({ predictedClass, trueClass }: { predictedClass: number; trueClass: number }) =>
    predictedClass === trueClass ? 0 : 1;
  const duel = fight(new Duel(network(0.0001), network(0.5), { of }), samples);
  const { difference } = duel.comparison();
  expect(difference).toBeGreaterThan(0);
  expect(difference).toBeLessThanOrEqual(1);
});

test('its comparison is a metric among others, without a baseline', async () => {
  const duel = new Duel(network(0.0001), network(0.5));
  const metrics = { accuracy: accuracy(), ...duel.metrics() };
  const last = await lastValueFrom(from(samples).pipe(learn(duel), evaluate(metrics)));
  const reading = last.read();
  const { difference, low, high, confidence } = duel.comparison();
  expect(reading.metrics).toMatchObject({
    'challenger.difference': difference,
    'challenger.low': low,
    'challenger.high': high,
    'challenger.confidence': confidence,
  });
  expect(Object.keys(reading.baseline)).toEqual(['accuracy']);
});

test('a restored duel resumes as if it had never stopped', () => {
  const whole = fight(new Duel(network(0.1), network(0.5)), samples);
  const half = fight(new Duel(network(0.1), network(0.5)), samples.slice(0, 700));
  const restored = fight(new Duel(network(0.1), network(0.5)), samples.slice(0, 30));
  restored.load(structuredClone(half.save()));
  fight(restored, samples.slice(700));
  expect(restored.comparison()).toEqual(whole.comparison());
  expect(restored.save()).toEqual(whole.save());
});

test('both grow', () => {
  const duel = new Duel(network(0.1), network(0.5));
  duel.grow(3, 2);
  expect([duel.inputCount, duel.outputCount]).toEqual([3, 2]);
  expect(() => duel.learn([1, 2, 3], [0, 1])).not.toThrow();
});

const fixed: Learner = {
  inputCount: 2,
  outputCount: 1,
  predict: () => Float64Array.of(0.5),
  learn: () => 1,
  save: () => ({}),
  load() {},
};

test('what only the challenger refuses is learned by the champion, and not compared', () => {
  const refusing: Learner = {
    ...fixed,
    learn() {
      throw new SampleError('value', 'no');
    },
  };
  const duel = new Duel(fixed, refusing);
  expect(duel.learn([1, 2], [1])).toBe(1);
  expect(duel.comparison().count).toBe(0);
  expect(() => new Duel(refusing, fixed).learn([1, 2], [1])).toThrow(SampleError);
});

test('a failing challenger is not hidden', () => {
  const failing: Learner = {
    ...fixed,
    learn() {
      throw new Error('broken');
    },
  };
  expect(() => new Duel(fixed, failing).learn([1, 2], [1])).toThrow('broken');
});

test('misuse is refused', () => {
  expect(() => new Duel(fixed, { ...fixed, inputCount: 3 })).toThrow(/inputCount of champion/);
  expect(() => new Duel(fixed, fixed).grow(3, 1)).toThrow(TypeError);
});
