import { expect, test } from 'vitest';
import { PendingBytes } from '../../src/broadcast/pending-bytes.ts';

test('bytes fit up to the bound, and a message alone may be larger', () => {
  const pending = new PendingBytes(10);
  expect(pending.hasRoomFor(1_000)).toBe(true);
  const done = pending.add(4);
  expect(pending.hasRoomFor(6)).toBe(true);
  expect(pending.hasRoomFor(7)).toBe(false);
  expect([pending.bytes, pending.left]).toEqual([4, 6]);
  done();
  expect([pending.bytes, pending.left]).toEqual([0, 10]);
  expect(pending.hasRoomFor(1_000)).toBe(true);
});

test('nothing is left, and not less, while a message larger than the bound is held', () => {
  const pending = new PendingBytes(10);
  const done = pending.add(25);
  expect([pending.bytes, pending.left]).toEqual([25, 0]);
  expect(pending.hasRoomFor(0)).toBe(false);
  done();
  expect(pending.left).toBe(10);
});
