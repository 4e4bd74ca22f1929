import { EMPTY, from } from 'rxjs';
import { expect, test } from 'vitest';
import { evaluation, type Score } from '../../src/evaluate/evaluation.ts';
import { accuracy } from '../../src/evaluate/metrics/index.ts';
import { evaluate, measure, totalCost } from '../../src/evaluate/operators.ts';
import type { TotalCost } from '../../src/evaluate/total-cost.ts';
import type { Update } from '../../src/learn/learner.ts';
import {
  freshForEachSubscriber,
  type OperatorCase,
  operatorCases,
} from '../contracts/operator-cases.ts';
import { updateOf } from './updates.ts';

const a = updateOf(1, [1, 0], [1, 0], 2);
const b = updateOf(2, [1, 0], [0, 1], 4);

const averaged: OperatorCase<Update, TotalCost> = {
  make: () => totalCost(),
  values: [a, b, a],
  expected: [
    { count: 1, sum: 2, sumSquares: 4, mean: 2, nonFinite: 0 },
    { count: 2, sum: 6, sumSquares: 20, mean: 3, nonFinite: 0 },
    { count: 3, sum: 8, sumSquares: 24, mean: 8 / 3, nonFinite: 0 },
  ],
};
operatorCases('totalCost', averaged);
freshForEachSubscriber('totalCost', averaged);

const scored: OperatorCase<Update, Score> = {
  make: () => evaluate({ accuracy: accuracy() }),
  values: [a, b, a],
  expected: [
    [1, 2, 2, 1],
    [2, 4, 3, 0.5],
    [1, 2, 8 / 3, 2 / 3],
  ],
  show: (score) => [score.step, score.cost, score.total.mean, score.read().metrics['accuracy']],
};
operatorCases('evaluate', scored);
freshForEachSubscriber('evaluate', scored);

const measured: OperatorCase<Update, Update> = {
  make: () => measure(evaluation({ accuracy: accuracy() })),
  values: [a, b, a],
  expected: [a, b, a],
};
operatorCases('measure', measured);
freshForEachSubscriber('measure', measured);

test('what is measured is what is scored', () => {
  const scoring = evaluation({ accuracy: accuracy() });
  const memory = scoring.initial();
  const scores: Score[] = [];
  from([a, b, a]).pipe(measure(scoring, { memory })).subscribe();
  from([a, b, a])
    .pipe(evaluate({ accuracy: accuracy() }))
    .subscribe((score) => scores.push(score));
  expect(scoring.read(memory)).toEqual(scores.at(-1)!.read());
});

test('the total resumes from a given total', () => {
  let mean = Number.NaN;
  from([a, b])
    .pipe(totalCost({ count: 2, sum: 18, sumSquares: 162, mean: 9, nonFinite: 0 }))
    .subscribe((total) => {
      mean = total.mean;
    });
  expect(mean).toBe(6);
});

test('it resumes in the memory it is given', () => {
  const metrics = { accuracy: accuracy() };
  const memory = evaluation(metrics).initial();
  from([a, b]).pipe(evaluate(metrics, { memory })).subscribe();
  expect(memory.total.count).toBe(2);
  EMPTY.pipe(evaluate(metrics, { memory })).subscribe();
  expect(evaluation(metrics).read(memory).metrics).toEqual({ accuracy: 0.5 });
});
