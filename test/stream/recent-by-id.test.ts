import { expect, test } from 'vitest';
import { type RecentMemory, recentByMemory } from '../../src/stream/recent-by-id.ts';

const empty = (): RecentMemory<number> => ({ ring: [], count: 0 });

test('finds the last values by id, and forgets older ones', () => {
  const recent = recentByMemory<number>(3)(empty());
  for (let i = 0; i < 10; i += 1) recent.add(`${i}`, i);
  expect([6, 7, 8, 9].map((i) => recent.find(`${i}`)?.value)).toEqual([undefined, 7, 8, 9]);
});

test('an id that is given again is that of the newer value, also when the older one goes', () => {
  const recent = recentByMemory<number>(2)(empty());
  recent.add('a', 1);
  recent.add('a', 2);
  recent.add('b', 3);
  expect(recent.find('a')?.value).toBe(2);
});

test('goes on from a copy, from a saved text, and after the memory was put back', () => {
  const recentOf = recentByMemory<number>(2);
  const memory = empty();
  for (const [i, id] of ['a', '__proto__', 'c'].entries()) recentOf(memory).add(id, i);
  for (const copy of [structuredClone(memory), JSON.parse(JSON.stringify(memory))]) {
    recentOf(copy).add('d', 3);
    expect(recentOf(copy).find('c')?.value).toBe(2);
    expect(recentOf(copy).find('__proto__')).toBeUndefined();
  }
  expect(recentOf(memory).find('__proto__')?.value).toBe(1);
  Object.assign(memory, empty());
  expect(recentOf(memory).find('c')).toBeUndefined();
});

test('no capacity is misuse', () => {
  expect(() => recentByMemory(0)).toThrow(RangeError);
});
