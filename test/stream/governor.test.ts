import { expect, test } from 'vitest';
import { Governor } from '../../src/stream/governor.ts';

test('who lets go of it does not end the pause of another', () => {
  const governor = new Governor();
  const seen: boolean[] = [];
  const unwatch = governor.watch(() => seen.push(governor.isPaused));
  const release = governor.hold();
  const releaseToo = governor.hold();
  governor.pause();
  release();
  release();
  governor.resume();
  expect(governor.isPaused).toBe(true);
  releaseToo();
  expect(governor.isPaused).toBe(false);
  expect(seen).toEqual([true, true, true, true, true, false]);
  unwatch();
  governor.pause();
  expect(seen).toHaveLength(6);
});

test('a hold leaves the rate as it is', () => {
  const governor = new Governor();
  governor.limit(5);
  governor.hold()();
  expect(governor.rate).toBe(5);
  expect(() => governor.limit(0)).toThrow('rate must be above 0, not 0');
});

test('who hurries leaves the limit as it is, and one that is set meanwhile', () => {
  const governor = new Governor();
  const seen: unknown[] = [];
  governor.limit(5);
  governor.watch(() => seen.push(governor.rate));
  const calm = governor.hurry();
  const calmToo = governor.hurry();
  calm();
  calm();
  governor.limit(7);
  expect(governor.rate).toBe(Infinity);
  calmToo();
  expect(governor.rate).toBe(7);
  expect(seen).toEqual([Infinity, Infinity, Infinity, Infinity, 7]);
});
