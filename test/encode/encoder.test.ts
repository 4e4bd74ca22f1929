import { describe, expect, test } from 'vitest';
import { encoder } from '../../src/encode/encoder.ts';
import { encodeAll } from './encode-all.ts';

describe('slots', () => {
  test('appear with names and values, and late ones lengthen x', () => {
    const { vectors, names } = encodeAll([
      { heat: 21.5, room: 'hall' },
      { heat: 20, room: 'attic', open: true },
      { open: false },
    ]);
    expect(names).toEqual(['heat', 'room=hall', 'room=attic', 'open']);
    expect(vectors).toEqual([
      [21.5, 1],
      [20, 0, 1, 1],
      [Number.NaN, 0, 0, 0],
    ]);
  });

  test('do not depend on the order of names once they exist', () => {
    const { vectors } = encodeAll([
      { a: 1, b: 2, c: 'x' },
      { c: 'x', b: 4, a: 3 },
    ]);
    expect(vectors[1]).toEqual([3, 4, 1]);
  });

  test('of both kinds serve a feature that is text on one row and a number on the next', () => {
    const { vectors, names } = encodeAll([{ a: 'off' }, { a: 3 }, { a: 'off' }]);
    expect(names).toEqual(['a=off', 'a']);
    expect(vectors.slice(1)).toEqual([
      [0, 3],
      [1, Number.NaN],
    ]);
  });

  test.each([[undefined], [null], ['']])('are not made for %o, which is missing', (missing) => {
    expect(encodeAll([{ a: missing }]).vectors).toEqual([[]]);
    expect(encodeAll([{ a: 1 }, { a: missing }]).vectors[1]).toEqual([Number.NaN]);
  });

  test('are made for the fields of nested objects and arrays', () => {
    const { names } = encodeAll([{ axes: [1, 2], sensor: { heat: 3, at: { room: 'hall' } } }]);
    expect(names).toEqual(['axes.0', 'axes.1', 'sensor.heat', 'sensor.at.room=hall']);
  });

  test('are shared by the values above the limit of a feature', () => {
    const records = Array.from({ length: 100 }, (_, i) => ({ city: `city ${i}` }));
    const { vectors, names } = encodeAll(records, { valuesMax: 3, hashSlots: 8 });
    expect(names.slice(0, 4)).toEqual(['city=city 0', 'city=city 1', 'city=city 2', 'city#0']);
    expect(names).toHaveLength(11);
    for (const x of vectors) expect(x.reduce((sum, value) => sum + value)).toBe(1);
    expect(new Set(vectors.map((x) => x.indexOf(1))).size).toBe(11);
  });

  test('are shared by the names above the limit of all slots', () => {
    const records = Array.from({ length: 10_000 }, (_, i) => ({
      [`name ${i}`]: 1,
      [`t${i}`]: 'x',
    }));
    const { vectors, names, memory } = encodeAll(records, { slotsMax: 100, hashSlots: 16 });
    expect(names).toHaveLength(100);
    expect(JSON.stringify(memory).length).toBeLessThan(10_000);
    expect(vectors.at(-1)?.every((value) => Number.isFinite(value) || Number.isNaN(value))).toBe(
      true,
    );
    expect(
      vectors
        .at(-1)
        ?.slice(84)
        .reduce((sum, value) => sum + value),
    ).toBe(2);
  });

  test('are shared at once by texts that are too long to keep', () => {
    const { names } = encodeAll([{ a: 'x'.repeat(257) }], { hashSlots: 2 });
    expect(names).toEqual(['a#0', 'a#1']);
  });

  test('are safe from names that mean something to JavaScript', () => {
    const record = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": "x"}');
    const { vectors, names } = encodeAll([record]);
    expect(names).toEqual(['__proto__', 'constructor', 'toString=x']);
    expect(vectors).toEqual([[1, 2, 1]]);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });
});

describe('a question', () => {
  test('changes nothing, and what is new in it is left out', () => {
    const part = encoder({ task: 'classification' });
    const memory = part.initial();
    part.update(memory, { features: { a: 1 }, target: 'x' });
    const before = structuredClone(memory);
    const example = { features: { a: 2, b: 3, c: 'new' } };
    expect(part.apply(memory, example)).toEqual({ x: [2], classCount: 1 });
    expect(part.apply(memory, { ...example, target: 'x' })).toEqual({
      x: [2],
      y: [1, 0],
      classCount: 1,
    });
    expect(part.apply(memory, { ...example, target: 'y' })).toEqual({ x: [2], classCount: 1 });
    expect(memory).toEqual(before);
  });

  test('can be applied before anything was learned', () => {
    const part = encoder({ task: 'regression' });
    expect(part.apply(part.initial(), { features: { a: 1 } })).toEqual({ x: [] });
  });
});

test('a copy of the memory resumes as the memory does', () => {
  const { part, memory } = encodeAll(
    Array.from({ length: 50 }, (_, i) => ({ city: `c${i}`, [`n${i}`]: i, at: '2024-01-01' })),
    { valuesMax: 5, hashSlots: 4, slotsMax: 40 },
  );
  const copy = JSON.parse(JSON.stringify(memory));
  for (const features of [
    { city: 'c7', n3: 1 },
    { n49: 2, fresh: 'x' },
    { city: 'other', at: '2024-02-02' },
  ])
    expect(part.update(copy, { features })).toEqual(part.update(memory, { features }));
  expect(copy).toEqual(memory);
});

test.each([
  [{ slotsMax: 0 }, 'slotsMax'],
  [{ slotsMax: 10, hashSlots: 11 }, 'slotsMax'],
  [{ valuesMax: 1.5 }, 'valuesMax'],
  [{ task: 'ranking' as 'regression' }, 'task'],
])('%o is misuse', (options, name) => {
  expect(() => encoder(options)).toThrow(name);
});
