import { from, lastValueFrom, Subject, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { SourcePlace } from '../../../src/node/sources/source-place.ts';
import { Governor } from '../../../src/stream/governor.ts';

const file = (name: string) => () => ({ file: name });

test('skips what was consumed before, at full speed, and keeps counting', async () => {
  const governor = new Governor();
  const place = new SourcePlace(governor);
  place.startFrom({ taken: 3, rejected: 0 });
  place.repeat();
  expect([place.position.taken, place.isReplaying, governor.rate]).toEqual([3, true, Infinity]);
  const values = from([1, 2, 3, 4, 5]).pipe(place.passing(), place.counting(), toArray());
  expect(await lastValueFrom(values)).toEqual([4, 5]);
  expect([place.position.taken, place.isReplaying, governor.rate]).toEqual([5, false, undefined]);
});

test('a rate that was set stays, before and while it skips', async () => {
  const governor = new Governor();
  governor.limit(5);
  const place = new SourcePlace(governor);
  place.startFrom({ taken: 2, rejected: 0 });
  place.repeat();
  expect(governor.rate).toBe(Infinity);
  await lastValueFrom(from([1, 2, 3]).pipe(place.passing(), place.counting()));
  expect(governor.rate).toBe(5);
  place.repeat();
  governor.limit(9);
  expect(governor.rate).toBe(Infinity);
  place.begin(file('a'));
  expect(governor.rate).toBe(9);
});

test('counts anew from each origin, when what was before it has been consumed', () => {
  const place = new SourcePlace();
  const [source, waiting] = [new Subject<number>(), new Subject<number>()];
  source.pipe(place.passing()).subscribe();
  waiting.pipe(place.counting()).subscribe();
  place.begin(file('a'));
  source.next(1);
  source.next(2);
  place.begin(file('b'));
  place.refuse();
  source.next(3);
  waiting.next(1);
  expect(place.position).toEqual({ since: { file: 'a' }, taken: 1, rejected: 1 });
  expect(place.since).toEqual({ file: 'b' });
  waiting.next(2);
  expect(place.position).toEqual({ since: { file: 'b' }, taken: 0, rejected: 1 });
  waiting.next(3);
  expect(place.position).toEqual({ since: { file: 'b' }, taken: 1, rejected: 1 });
});

test('a beginning may be that of what comes after the next one', () => {
  const place = new SourcePlace();
  const source = new Subject<number>();
  source.pipe(place.passing(), place.counting()).subscribe();
  place.begin(() => ({ after: '7' }), 1);
  expect(place.position).toEqual({ taken: 0, rejected: 0 });
  source.next(1);
  expect(place.position).toEqual({ since: { after: '7' }, taken: 0, rejected: 0 });
});

test('what is repeated is skipped, but no more than that', () => {
  const place = new SourcePlace();
  const [source, seen] = [new Subject<number>(), [] as number[]];
  source.pipe(place.passing(), place.counting()).subscribe((value) => seen.push(value));
  place.begin(file('a'));
  for (const value of [1, 2, 3]) source.next(value);
  place.repeat(file('a'));
  for (const value of [1, 2, 3, 4]) source.next(value);
  expect(seen).toEqual([1, 2, 3, 4]);
  place.repeat(file('a'));
  source.next(1);
  place.begin(file('b'));
  source.next(5);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});

test('a row that was refused before is not counted again, wherever it comes', () => {
  const place = new SourcePlace();
  place.startFrom({ taken: 1, rejected: 2 });
  place.repeat();
  const source = new Subject<number>();
  source.pipe(place.passing(), place.counting()).subscribe();
  expect(place.refuse()).toBe(false);
  source.next(1);
  expect([place.refuse(), place.refuse()]).toEqual([false, true]);
  expect(place.position).toEqual({ taken: 1, rejected: 3 });
});

test('a row that the next file refused while examples waited is not counted again', () => {
  const before = new SourcePlace();
  const source = new Subject<number>();
  source.pipe(before.passing()).subscribe();
  before.begin(file('a'));
  source.next(1);
  expect(before.refuse()).toBe(true);
  before.begin(file('b'));
  expect([before.refuse(), before.refuse()]).toEqual([true, true]);
  expect(before.position).toEqual({ since: { file: 'a' }, taken: 0, rejected: 3 });

  const place = new SourcePlace();
  place.startFrom(before.position);
  const again = new Subject<number>();
  again.pipe(place.passing(), place.counting()).subscribe();
  place.repeat(file('a'));
  again.next(1);
  expect(place.refuse()).toBe(false);
  place.begin(file('b'));
  // One that is stopped here has not come to them yet, and yet they are reported.
  expect(place.position).toEqual({ since: { file: 'b' }, taken: 0, rejected: 2 });
  expect([place.refuse(), place.refuse(), place.refuse()]).toEqual([false, false, true]);
  expect(place.position).toEqual({ since: { file: 'b' }, taken: 0, rejected: 3 });
});

test('what was cut off while it was skipped says nothing of what comes next', () => {
  const place = new SourcePlace();
  place.startFrom({ taken: 2, rejected: 2 });
  place.repeat(file('a'));
  place.begin(file('a'));
  expect(place.refuse()).toBe(true);
  expect(place.position).toEqual({ since: { file: 'a' }, taken: 0, rejected: 1 });
});

test('a checkpoint without the number of rejections: none is counted among what is skipped', () => {
  const place = new SourcePlace();
  place.startFrom({ taken: 1 });
  place.repeat();
  const source = new Subject<number>();
  source.pipe(place.passing(), place.counting()).subscribe();
  expect(place.refuse()).toBe(false);
  source.next(1);
  expect(place.refuse()).toBe(true);
  expect(place.position).toEqual({ taken: 1, rejected: 2 });
});
