import {
  concat,
  EMPTY,
  from,
  lastValueFrom,
  map,
  NEVER,
  of,
  Subject,
  take,
  throwError,
  toArray,
} from 'rxjs';
import { expect, test } from 'vitest';
import { withHead } from '../../src/stream/with-head.ts';

/** Adds up what the first two values are to every value. */
const addHead = withHead<number, number>(
  (head) => head.length >= 2,
  (head) => map((value) => value + head.reduce((sum, one) => sum + one, 0)),
);

test('all values, the first ones too, pass through what the head has chosen', async () => {
  expect(await lastValueFrom(from([1, 2, 3]).pipe(addHead, toArray()))).toEqual([4, 5, 6]);
});

test('a source that ends early chooses by what there is', async () => {
  expect(await lastValueFrom(from([5]).pipe(addHead, toArray()))).toEqual([10]);
});

test('an empty source completes, a silent one stays silent', async () => {
  expect(await lastValueFrom(EMPTY.pipe(addHead, toArray()))).toEqual([]);
  const seen: number[] = [];
  NEVER.pipe(addHead)
    .subscribe((value) => seen.push(value))
    .unsubscribe();
  expect(seen).toEqual([]);
});

test('errors pass: of the source, and of the choice', async () => {
  await expect(lastValueFrom(throwError(() => new Error('broken')).pipe(addHead))).rejects.toThrow(
    'broken',
  );
  const undecided = withHead<number, number>(
    () => true,
    () => {
      throw new Error('undecided');
    },
  );
  await expect(lastValueFrom(from([1]).pipe(undecided))).rejects.toThrow('undecided');
});

test('what came before an error passes before it, though it was not enough', async () => {
  const seen: unknown[] = [];
  const broken = throwError(() => new Error('broken'));
  const source = concat(of(7), broken).pipe(addHead);
  await new Promise<void>((resolve) => {
    source.subscribe({
      next: (value) => seen.push(value),
      error(error: Error) {
        seen.push(error.message);
        resolve();
      },
    });
  });
  expect(seen).toEqual([14, 'broken']);
  const undecided = withHead<number, number>(
    () => false,
    () => {
      throw new Error('undecided');
    },
  );
  await expect(lastValueFrom(concat(of(7), broken).pipe(undecided))).rejects.toThrow('broken');
});

test('unsubscribing stops it, also in the middle of the head', async () => {
  const source = new Subject<number>();
  const values = lastValueFrom(source.pipe(addHead, take(1), toArray()));
  source.next(1);
  source.next(2);
  expect(await values).toEqual([4]);
  expect(source.observed).toBe(false);
});
