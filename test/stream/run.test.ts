import { from, Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { type Rejection, SampleError } from '../../src/stream/rejection.ts';
import { run } from '../../src/stream/run.ts';
import { freshForEachSubscriber, operatorCases } from '../contracts/operator-cases.ts';

const sum = {
  name: 'sum',
  initial: () => ({ total: 0 }),
  update(memory: { total: number }, value: number) {
    if (value < 0) throw new SampleError('value', 'negative');
    if (value > 100) throw new TypeError('broken');
    memory.total += value;
    return memory.total;
  },
};

const sumCase = { make: () => run(sum), values: [1, 2, 4], expected: [1, 3, 7] } as const;
operatorCases('run', sumCase);
freshForEachSubscriber('run', sumCase);

test('what the part refuses is a rejection with its place in the stream', () => {
  const rejections: Rejection[] = [];
  const rejected = new Subject<Rejection>();
  rejected.subscribe((rejection) => rejections.push(rejection));
  const totals: number[] = [];
  from([1, -1, 2])
    .pipe(run(sum, { rejected }))
    .subscribe((total) => totals.push(total));
  expect(totals).toEqual([1, 3]);
  expect(rejections).toEqual([{ code: 'value', reason: 'negative', index: 1 }]);
});

test('any other error of the part ends the stream and lets go of the source', () => {
  const source = new Subject<number>();
  const errors: unknown[] = [];
  source.pipe(run(sum)).subscribe({ error: (error) => errors.push(error) });
  source.next(101);
  expect(errors).toEqual([new TypeError('broken')]);
  expect(source.observed).toBe(false);
});

test('a given memory is used, and changed in place', () => {
  const memory = { total: 10 };
  const totals: number[] = [];
  from([1, 2])
    .pipe(run(sum, { memory }))
    .subscribe((total) => totals.push(total));
  expect(totals).toEqual([11, 13]);
  expect(memory.total).toBe(13);
});
