import { expect, test } from 'vitest';
import { RecentList } from '../../../../clients/dashboard/board/recent-list.ts';

test('a list keeps the newest few', () => {
  const list = new RecentList<number>(3);
  list.add([1, 2]);
  const before = list.items;
  list.add([3, 4, 5]);
  list.add([]);
  expect(list.items).toEqual([3, 4, 5]);
  expect(before).toEqual([1, 2]);
});

test('a list is bounded in characters, whatever a server sends', () => {
  const list = new RecentList<string>(100, 1_000);
  for (let i = 0; i < 50; i += 1) list.add([`${i}${'x'.repeat(296)}`]);
  expect(list.items.map((text) => Number.parseInt(text, 10))).toEqual([47, 48, 49]);
  list.add(['x'.repeat(1_000)]);
  expect(list.items).toEqual([]);
  list.add(['a', 'b']);
  expect(list.items).toEqual(['a', 'b']);
});
