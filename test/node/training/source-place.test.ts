import { from, lastValueFrom, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { SourcePlace } from '../../../src/node/training/source-place.ts';
import { Governor } from '../../../src/stream/governor.ts';

test('passes by what was taken before, at full speed, and counts on', async () => {
  const governor = new Governor();
  const place = new SourcePlace(3, governor);
  expect([place.taken, place.isReplaying, governor.rate]).toEqual([3, true, Infinity]);
  const values = from([1, 2, 3, 4, 5]).pipe(place.advance(), toArray());
  expect(await lastValueFrom(values)).toEqual([4, 5]);
  expect([place.taken, place.isReplaying, governor.rate]).toEqual([5, false, undefined]);
});
