import { concat, of, Subject } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Task } from '../../../src/encode/task.ts';
import type { OpenedSource } from '../../../src/node/sources/opened-source.ts';
import { FirstRows } from '../../../src/node/training/first-rows.ts';
import type { Example } from '../../../src/sources/example.ts';
import { withHead } from '../../../src/stream/with-head.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const row = (target?: unknown): Example => ({ features: { a: 1 }, target }) as Example;

/** How many rows a pipe begins with, what its task is, what comes of it, and what is said. */
const piping = (task?: Task) => {
  const rows = new Subject<Example>();
  const [seen, told, begun, errors]: [unknown[], string[], unknown[], string[]] = [[], [], [], []];
  const source: OpenedSource = {
    ...{ name: 'standard input', examples: rows, isLive: false, isReplayable: false },
    pipe: { tell: (message) => told.push(message) },
  };
  const first = new FirstRows(source, { ...(task && { task }), typed: (rows) => rows });
  const subscription = rows
    .pipe(
      withHead(
        (head) => first.areEnough(head),
        (head) => {
          begun.push([head.length, first.taskOf(head).task]);
          return (all) => all;
        },
        first.timeout,
      ),
    )
    .subscribe({
      next: ({ target }) => seen.push(target),
      error: ({ message }: Error) => errors.push(message),
    });
  return { rows, seen, told, begun, errors, subscription };
};

test('a pipe begins a second after its first row where nothing is to be guessed', () => {
  const { rows, seen, begun, told } = piping('regression');
  rows.next(row(1));
  rows.next(row(2));
  vi.advanceTimersByTime(999);
  expect(begun).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(begun).toEqual([[2, 'regression']]);
  rows.next(row(3));
  expect(seen).toEqual([1, 2, 3]);
  expect(told).toEqual([]);
});

test.each([
  ['texts', ['x', 'y'], 'classification'],
  ['fractions', [1, 2.5], 'regression'],
])('a pipe without a task begins so with %s', (_kind, targets, task) => {
  const { rows, begun } = piping();
  for (const target of targets) rows.next(row(target));
  vi.advanceTimersByTime(1_000);
  expect(begun).toEqual([[2, task]]);
});

test('few whole numbers may be anything: more are waited for, and it says so once', () => {
  const { rows, begun, told } = piping();
  rows.next(row(1));
  vi.advanceTimersByTime(5_000);
  expect(begun).toEqual([]);
  expect(told).toEqual([
    'standard input: 1000 rows or its end are waited for, to guess the task: say --task classification or --task regression',
  ]);
  rows.next(row(2.5));
  vi.advanceTimersByTime(1_000);
  expect(begun).toEqual([[2, 'regression']]);
});

test('a row that cannot be learned from is not enough, nor the end', () => {
  const { rows, begun, errors } = piping('regression');
  rows.next({ features: {}, target: 1 });
  vi.advanceTimersByTime(3_000);
  expect([begun, errors]).toEqual([[], []]);
  rows.next(row(1));
  vi.advanceTimersByTime(1_000);
  expect(begun).toEqual([[2, 'regression']]);
});

test('rows without a target are not enough', () => {
  const { rows, begun } = piping('regression');
  rows.next(row());
  vi.advanceTimersByTime(5_000);
  rows.next(row(1));
  expect(begun).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(begun).toEqual([[2, 'regression']]);
});

test('what comes at once is treated like a file: a thousand rows, or all', () => {
  const many = piping();
  for (let i = 0; i < 1_200; i += 1) many.rows.next(row(i % 3));
  expect(many.begun).toEqual([[1_000, 'classification']]);
  expect(many.seen).toHaveLength(1_200);
  const few = piping();
  concat(of(row(1), row(2))).subscribe(few.rows);
  expect(few.begun).toEqual([[2, 'classification']]);
  expect(few.seen).toEqual([1, 2]);
});

test('what came before an error is begun with, and turning away leaves nothing behind', () => {
  const failing = piping();
  failing.rows.next(row('x'));
  failing.rows.error(new Error('broken'));
  expect(failing).toMatchObject({ errors: ['broken'], begun: [[1, 'classification']] });
  const left = piping();
  left.rows.next(row('x'));
  left.subscription.unsubscribe();
  expect(vi.getTimerCount()).toBe(0);
  expect(left.begun).toEqual([]);
});

test('what is thrown as it looks at what it holds is the error of the stream', () => {
  const { rows, errors, subscription } = piping('regression');
  const broken = Object.defineProperty(row(1), 'features', {
    get() {
      throw new Error('broken');
    },
  });
  rows.next(broken);
  vi.advanceTimersByTime(1_000);
  expect([errors, subscription.closed]).toEqual([['broken'], true]);
  expect(vi.getTimerCount()).toBe(0);
});
