import { expect, test } from 'vitest';
import { type RecentMemory, recentByMemory } from '../../src/stream/recent-by-id.ts';

const empty = (): RecentMemory<number> => ({ ring: [], count: 0 });

test('finds the last values by id, and forgets older ones', () => {
  const recent = recentByMemory<number>({ capacity: 3 })(empty());
  for (let i = 0; i < 10; i += 1) recent.add(`${i}`, i);
  expect([6, 7, 8, 9].map((i) => recent.find(`${i}`)?.value)).toEqual([undefined, 7, 8, 9]);
});

test('an id that is given again is that of the newer value, also when the older one goes', () => {
  const recent = recentByMemory<number>({ capacity: 2 })(empty());
  recent.add('a', 1);
  recent.add('a', 2);
  recent.add('b', 3);
  expect(recent.find('a')?.value).toBe(2);
});

test('resumes from a copy, from a saved text, and after the memory was restored', () => {
  const recentOf = recentByMemory<number>({ capacity: 2 });
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
  expect(() => recentByMemory({ capacity: 0 })).toThrow(RangeError);
});

test('values that are too large together: the oldest are dropped, also after a restart', () => {
  const recentOf = recentByMemory<string>({ capacity: 100, bytesMax: 10_000 });
  const memory: RecentMemory<string> = { ring: [], count: 0 };
  for (let i = 0; i < 10; i += 1) recentOf(memory).add(`${i}`, 'x'.repeat(1_000));
  const found = (of: RecentMemory<string>) =>
    Array.from({ length: 11 }, (_, i) => i).filter((i) => recentOf(of).find(`${i}`));
  expect(found(memory)).toEqual([6, 7, 8, 9]);
  const copy = JSON.parse(JSON.stringify(memory)) as RecentMemory<string>;
  for (const of of [memory, copy]) {
    recentOf(of).take('7');
    recentOf(of).add('10', 'x'.repeat(1_000));
    expect(found(of)).toEqual([6, 7, 8, 9, 10]);
  }
  expect(copy).toEqual(memory);
  recentOf(memory).add('one', 'x'.repeat(10_000));
  expect(recentOf(memory).find('one')).toBeUndefined();
  expect(found(memory)).toEqual([6, 7, 8, 9, 10]);
});
