import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import type { Label } from '../../src/encode/late-labels.ts';
import { encode, joinLabels, standardise } from '../../src/encode/operators.ts';
import { firstPredictions } from '../../src/evaluate/first-predictions.ts';
import { accuracy } from '../../src/evaluate/metrics/index.ts';
import { evaluate, recallPredictions } from '../../src/evaluate/operators.ts';
import type { Update } from '../../src/learn/learner.ts';
import { halfSquaredError } from '../../src/learn/losses/index.ts';
import { learn } from '../../src/learn/operators.ts';
import { singleNetwork } from '../../src/learn/single-network.ts';
import type { Example } from '../../src/sources/example.ts';
import { freshForEachSubscriber, operatorCases } from '../contracts/operator-cases.ts';

const asked = (id: string, ...prediction: number[]): Update => ({
  step: 0,
  sample: { x: [1], id },
  prediction,
  cost: Number.NaN,
});
const learned = (id: string, ...prediction: number[]): Update => ({
  step: 1,
  sample: { x: [1], y: [0, 1], id },
  prediction,
  cost: 7,
});

const recallCase = {
  make: () => recallPredictions(),
  values: [asked('a', 0.5, 0.5), learned('b', 0, 1), learned('a', 0.1, 0.9)],
  expected: [
    asked('a', 0.5, 0.5),
    learned('b', 0, 1),
    { ...learned('a'), prediction: Float64Array.of(0.5, 0.5) },
  ],
} as const;
operatorCases<Update, Update>('recallPredictions', recallCase);
freshForEachSubscriber<Update, Update>('recallPredictions', recallCase);

const through = (part: ReturnType<typeof firstPredictions>, updates: Update[]): Update[] => {
  const memory = part.initial();
  return updates.map((update) => part.update(memory, update));
};

test('a class that has come since was given no chance, and the cost is that of it', () => {
  const updates = [asked('a', 1), learned('a', 0.2, 0.8)];
  expect(through(firstPredictions(), updates)[1]?.prediction).toEqual(Float64Array.of(1));
  const part = firstPredictions({ loss: halfSquaredError });
  expect(through(part, updates)[1]?.cost).toBe(1);
  const costOf = (prediction: ArrayLike<number>, y: ArrayLike<number>): number =>
    10 * prediction.length + y.length;
  expect(through(firstPredictions({ costOf }), updates)[1]?.cost).toBe(12);
});

test('the cost is that of the first prediction where the loss is known', () => {
  const updates = [asked('a', 1, 0), learned('a', 0, 1)];
  expect(through(firstPredictions({ loss: halfSquaredError }), updates)[1]?.cost).toBe(1);
  expect(through(firstPredictions(), updates)[1]?.cost).toBe(7);
});

test('a prediction serves once, and the oldest are forgotten', () => {
  const again = [asked('a', 1, 0), learned('a', 0, 1), learned('a', 0, 1)];
  expect(through(firstPredictions(), again)[2]?.prediction).toEqual([0, 1]);
  const part = firstPredictions({ capacity: 2 });
  const many = [asked('a', 1, 0), asked('b', 1, 0), asked('c', 1, 0), learned('a', 0, 1)];
  expect(through(part, many)[3]?.prediction).toEqual([0, 1]);
});

test('a prediction that somebody changes later is still the one that was made', () => {
  const prediction = Float64Array.of(1, 0);
  const part = firstPredictions();
  const memory = part.initial();
  part.update(memory, { ...asked('a'), prediction });
  prediction.fill(0.5);
  expect(part.update(memory, learned('a')).prediction).toEqual(Float64Array.of(1, 0));
});

test('the whole way of a late label: predicted, joined, learned, scored as predicted', () => {
  const [features, labels] = [new Subject<Example>(), new Subject<Label>()];
  const learner = singleNetwork({ task: 'classification', inputCount: 1, outputCount: 1 });
  const scores: { id: string | undefined; prediction: number[]; accuracy: number }[] = [];
  joinLabels(features, labels, { capacity: 100 })
    .pipe(
      encode({ task: 'classification' }),
      standardise(),
      learn(learner, { growing: true }),
      recallPredictions(),
      evaluate({ accuracy: accuracy() }),
    )
    .subscribe((score) =>
      scores.push({
        id: score.sample.id,
        prediction: Array.from(score.prediction),
        accuracy: score.read().metrics['accuracy'] ?? Number.NaN,
      }),
    );
  for (let i = 0; i < 300; i += 1) {
    features.next({ features: { a: (i * 7) % 10 }, id: `${i}` });
    const late = i - 20;
    if (late >= 0) labels.next({ id: `${late}`, target: (late * 7) % 10 < 5 ? 'low' : 'high' });
  }
  const first = scores.find(({ id }) => id === '200');
  const second = scores.findLast(({ id }) => id === '200');
  expect(second?.prediction).toEqual(first?.prediction);
  expect(scores).toHaveLength(580);
  expect(scores.at(-1)?.accuracy).toBeGreaterThan(0.8);
});
