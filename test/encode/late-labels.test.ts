import { NEVER, of, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Label, type LateLabelsOptions, lateLabels } from '../../src/encode/late-labels.ts';
import { joinLabels } from '../../src/encode/operators.ts';
import type { Example } from '../../src/sources/example.ts';
import { type Rejection, SampleError } from '../../src/stream/rejection.ts';
import { freshForEachSubscriber, operatorCases } from '../contracts/operator-cases.ts';

describe('an example', () => {
  const featuresCase = {
    make: () => (features: Parameters<typeof joinLabels>[0]) => joinLabels(features, of()),
    values: [
      { features: { a: 1 }, id: 'x' },
      { features: { a: 2 } },
      { features: { a: 3 }, id: 'y', target: 4 },
    ],
    expected: [
      { features: { a: 1 }, id: 'x' },
      { features: { a: 2 } },
      { features: { a: 3 }, id: 'y', target: 4 },
    ],
  } as const;
  operatorCases<Example, Example>('joinLabels', featuresCase as never);
  freshForEachSubscriber<Example, Example>('joinLabels', featuresCase as never);
});

const joining = (options: LateLabelsOptions = {}) => {
  const part = lateLabels(options);
  const memory = part.initial();
  const example = (id: string, time?: number): Example =>
    part.update(memory, {
      id,
      example: { features: { of: id }, id, ...(time === undefined ? {} : { time }) },
    });
  const label = (id: string, target: Label['target'], time?: number): Example | string => {
    try {
      const event = { id, label: { id, target, ...(time === undefined ? {} : { time }) } };
      return part.update(memory, event);
    } catch (error) {
      if (error instanceof SampleError) return error.message;
      throw error;
    }
  };
  return { part, memory, example, label };
};

test('a label brings its example back, with the target', () => {
  const { example, label, memory } = joining();
  expect(example('a', 5)).toEqual({ features: { of: 'a' }, id: 'a', time: 5 });
  example('b', 6);
  expect(label('a', 'yes', 7)).toEqual({ features: { of: 'a' }, id: 'a', time: 5, target: 'yes' });
  expect(label('b', 0)).toEqual({ features: { of: 'b' }, id: 'b', time: 6, target: 0 });
  expect(memory.labels).toEqual({ joined: 2, late: 0, twice: 0, unknown: 0 });
});

test('a label that is late, comes twice or is for nobody is refused and counted', () => {
  const { example, label, memory } = joining({ within: 100 });
  example('a', 1_000);
  example('b', 1_000);
  example('c', 1_000);
  expect(label('a', 1, 1_101)).toContain('`within`');
  expect(label('b', 1, 1_100)).toHaveProperty('target', 1);
  expect(label('b', 1, 1_100)).toContain('came before');
  expect(label('z', 1)).toContain('"z"');
  example('d', 2_000);
  expect(label('c', 1)).toContain('`within`');
  expect(memory.labels).toEqual({ joined: 1, late: 2, twice: 1, unknown: 1 });
});

test('no more examples are remembered than the capacity', () => {
  const { example, label, memory } = joining({ capacity: 3 });
  for (let i = 0; i < 1_000; i += 1) example(`id ${i}`);
  expect(memory.examples.ring).toHaveLength(3);
  expect(label('id 996', 1)).toContain('too many');
  expect(label('id 997', 1)).toHaveProperty('target', 1);
});

test('an id may be used again once its label has come, not before', () => {
  const { example, label } = joining({ capacity: 2 });
  example('a');
  expect(() => example('a')).toThrow(SampleError);
  label('a', 1);
  example('a');
  example('b');
  expect(label('a', 2)).toHaveProperty('target', 2);
});

test('an empty label is rejected, and its example keeps waiting', () => {
  const { example, label } = joining();
  example('a');
  expect(label('a', '')).toContain('empty');
  expect(label('a', 1)).toHaveProperty('target', 1);
});

test('a copy of the memory resumes as the memory does', () => {
  const { part, memory, example, label } = joining({ capacity: 2 });
  for (const id of ['a', 'b', 'c']) example(id);
  label('b', 1);
  const copy = JSON.parse(JSON.stringify(memory));
  const event = { id: 'c', label: { id: 'c', target: 2 } };
  expect(part.update(copy, event)).toEqual(part.update(memory, event));
  const next = { id: 'd', example: { features: {}, id: 'd' } };
  expect(part.update(copy, next)).toEqual(part.update(memory, next));
  expect(copy).toEqual(memory);
});

test('the operator rejects by id, and lets go of both sources', () => {
  const [features, labels] = [new Subject<Example>(), new Subject<Label>()];
  const rejections: Rejection[] = [];
  const targets: unknown[] = [];
  const subscription = joinLabels(features, labels, {
    rejected: { next: (rejection) => rejections.push(rejection) },
  }).subscribe(({ target }) => targets.push(target));
  features.next({ features: {}, id: 'a' });
  labels.next({ id: 'b', target: 1 });
  labels.next({ id: 'a', target: 2 });
  expect(targets).toEqual([undefined, 2]);
  expect(rejections).toMatchObject([{ code: 'label', index: 1, id: 'b' }]);
  subscription.unsubscribe();
  expect([features.observed, labels.observed]).toEqual([false, false]);
});

test('a clock gives the time where there is none', () => {
  const [features, labels] = [new Subject<Example>(), new Subject<Label>()];
  let now = 1_000;
  const seen: Example[] = [];
  const rejections: Rejection[] = [];
  joinLabels(features, labels, {
    within: 100,
    clock: () => now,
    rejected: { next: (rejection) => rejections.push(rejection) },
  }).subscribe((example) => seen.push(example));
  features.next({ features: {}, id: 'a' });
  features.next({ features: {}, id: 'b', time: 950 });
  now = 1_090;
  labels.next({ id: 'a', target: 1 });
  labels.next({ id: 'b', target: 1 });
  expect(seen.map(({ id, time, target }) => [id, time, target])).toEqual([
    ['a', 1_000, undefined],
    ['b', 950, undefined],
    ['a', 1_000, 1],
  ]);
  expect(rejections).toMatchObject([{ id: 'b', code: 'label' }]);
});

test('it does not end while labels may come', () => {
  let isComplete = false;
  joinLabels(of({ features: {} }), NEVER).subscribe({ complete: () => (isComplete = true) });
  expect(isComplete).toBe(false);
});

test.each([[{ within: -1 }], [{ within: Number.NaN }], [{ capacity: 0 }]])(
  '%o is misuse',
  (options) => {
    expect(() => lateLabels(options)).toThrow(RangeError);
  },
);
