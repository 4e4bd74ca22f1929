import { from, Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { encoder } from '../../src/encode/encoder.ts';
import { encode, standardise } from '../../src/encode/operators.ts';
import type { Example } from '../../src/sources/example.ts';
import type { Sample } from '../../src/sources/sample.ts';
import type { Rejection } from '../../src/stream/rejection.ts';
import { freshForEachSubscriber, operatorCases } from '../contracts/operator-cases.ts';

const encodeCase = {
  make: () => encode({ task: 'classification' }),
  values: [
    { features: { heat: 21.5, room: 'hall' }, target: 'low', id: 'first' },
    { features: { heat: 23, room: 'attic' }, target: 'high' },
    { features: { room: 'hall', open: true }, target: 'low' },
  ] satisfies [Example, Example, Example],
  expected: [
    { x: [21.5, 1], y: [1, 0], classCount: 0, id: 'first' },
    { x: [23, 0, 1], y: [0, 1], classCount: 1 },
    { x: [Number.NaN, 1, 0, 1], y: [1, 0], classCount: 2 },
  ],
} as const;

const standardiseCase = {
  make: () => standardise(),
  values: [
    { x: [0, 1], y: [0] },
    { x: [2, 1], y: [0] },
    { x: [4, Number.NaN], y: [0] },
  ] satisfies [Sample, Sample, Sample],
  expected: [
    { x: [0, 0], y: [0] },
    { x: [0, 0], y: [0] },
    { x: [3, 0], y: [0] },
  ],
} as const;

operatorCases('encode', encodeCase);
freshForEachSubscriber('encode', encodeCase);
operatorCases('standardise', standardiseCase);
freshForEachSubscriber('standardise', standardiseCase);

test('a bad record is a rejection, and the stream continues', () => {
  const rejected = new Subject<Rejection>();
  const rejections: Rejection[] = [];
  rejected.subscribe((rejection) => rejections.push(rejection));
  const samples: Sample[] = [];
  from<Example[]>([
    { features: { a: 1 }, target: 1 },
    { features: { a: Number.POSITIVE_INFINITY, b: 1 }, target: 1, id: 'bad' },
    { features: { a: 2 }, target: 'x' },
    { features: { a: 3 }, target: 2 },
  ])
    .pipe(encode({ task: 'regression', rejected }))
    .subscribe((sample) => samples.push(sample));
  expect(samples).toEqual([
    { x: [1], y: [1] },
    { x: [3], y: [2] },
  ]);
  expect(rejections.map(({ code, index, id }) => ({ code, index, id }))).toEqual([
    { code: 'value', index: 1, id: 'bad' },
    { code: 'label', index: 2, id: undefined },
  ]);
  expect(rejections[0]?.reason).toContain('"a"');
});

test('it resumes in the memory it is given', () => {
  const memory = encoder({ task: 'regression' }).initial();
  const options = { task: 'regression', memory } as const;
  from([{ features: { a: 1 }, target: 1 }])
    .pipe(encode(options))
    .subscribe();
  const samples: Sample[] = [];
  from([{ features: { b: 2 }, target: 1 }])
    .pipe(encode({ ...options, memory: structuredClone(memory) }))
    .subscribe((sample) => samples.push(sample));
  expect(samples).toEqual([{ x: [Number.NaN, 2], y: [1] }]);
  expect(memory.slots).toHaveLength(1);
});
