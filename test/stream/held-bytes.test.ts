import { expect, test } from 'vitest';
import { heldBytes } from '../../src/stream/held-bytes.ts';
import { collectGarbage } from '../collect-garbage.ts';

const heap = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

test.each([
  ['vectors', '{"x":[1.5,2.5,3.5,4.5,5.5,6.5,7.5,8.5]}'],
  ['records', '{"features":{"hour":17.5,"road":"A1","speed":80.25},"target":"b"}'],
  ['long texts', `{"features":{"text":"${'é'.repeat(1_000)}"}}`],
  ['objects in objects', '{"a":{"b":{"c":{"d":[{},{},{},{}]}}}}'],
])('about what %s take, and not less', (_, text) => {
  const count = 20_000;
  const before = heap();
  const values = Array.from({ length: count }, () => JSON.parse(text) as unknown);
  const each = (heap() - before) / count;
  expect(heldBytes(values[0])).toBeGreaterThan(0.9 * each);
  expect(heldBytes(values[0])).toBeLessThan(6 * each);
  expect(heldBytes(values) / count).toBeGreaterThanOrEqual(heldBytes(values[0]));
});

test('a value nested a million deep, or one that contains itself, has an end', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 1_000_000; i += 1) deep = [deep];
  expect(heldBytes(deep)).toBeGreaterThan(60_000_000);
  const self: unknown[] = [];
  self.push(self, self);
  expect(heldBytes(self)).toBeGreaterThan(60_000_000);
});

test('what is no object counts as well', () => {
  expect([null, undefined, 1, true].map(heldBytes)).toEqual([8, 8, 8, 8]);
  expect(heldBytes('x'.repeat(100))).toBe(224);
  expect(heldBytes(new Float64Array(100))).toBe(928);
});
