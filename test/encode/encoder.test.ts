import { describe, expect, test } from 'vitest';
import { classNames, type EncoderOptions, encoder, slotNames } from '../../src/encode/encoder.ts';
import type { Example } from '../../src/sources/example.ts';
import { SampleError } from '../../src/stream/rejection.ts';

const encodeAll = (records: readonly Example['features'][], options: EncoderOptions = {}) => {
  const part = encoder(options);
  const memory = part.initial();
  const vectors = records.map((features) => [...(part.update(memory, { features }).x as number[])]);
  return { part, memory, vectors, names: slotNames(memory) };
};

const refusal = (body: () => unknown): SampleError => {
  try {
    body();
  } catch (error) {
    if (error instanceof SampleError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

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

describe('time', () => {
  test('of day and of week become clock hands', () => {
    const { vectors, names } = encodeAll([{ at: '2024-01-01T06:00:00Z' }]);
    expect(names).toEqual(['at:daySin', 'at:dayCos', 'at:weekSin', 'at:weekCos']);
    const week = 2 * Math.PI * (0.25 / 7);
    const expected = [1, 0, Math.sin(week), Math.cos(week)];
    for (const [i, value] of expected.entries()) expect(vectors[0]?.[i]).toBeCloseTo(value, 12);
  });

  test.each([
    ['2024-01-01T06:00:00.000Z', '2024-01-01 06:00'],
    ['2024-01-01T06:00:00+02:00', '2024-01-01T06:00:00-0500'],
    ['2024-01-01', '2024-01-01T00:00'],
  ])('%s is read from the same wall clock as %s', (a, b) => {
    const { vectors } = encodeAll([{ at: a }, { at: b }]);
    expect(vectors[0]).toEqual(vectors[1]);
  });

  test('of a Date is its time in UTC', () => {
    const { vectors } = encodeAll([
      { at: '2024-05-06T07:08:09Z' },
      { at: new Date('2024-05-06T07:08:09Z') },
    ]);
    expect(vectors[0]).toEqual(vectors[1]);
  });

  test.each([['2024-13-45'], ['2024-1-1'], ['12:30'], ['2024-01-01 and later']])(
    '%s is a category',
    (text) => {
      expect(encodeAll([{ at: text }]).names).toEqual([`at=${text}`]);
    },
  );
});

describe('a bad record', () => {
  const deep = { a: { b: { c: { d: { e: 1 } } } } };
  test.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['infinite', Number.NEGATIVE_INFINITY],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['an invalid Date', new Date(Number.NaN)],
    ['a number beyond all', 10n ** 400n],
    ['nested too deeply', deep],
  ])('(%s) is refused by the name of the feature, and changes nothing', (_name, bad) => {
    const part = encoder({ task: 'classification' });
    const memory = part.initial();
    part.update(memory, { features: { first: 1 }, target: 'a' });
    const before = structuredClone(memory);
    const features = { fresh: 1, bad, text: 'x' };
    const error = refusal(() => part.update(memory, { features, target: 'b' }));
    expect(error.code).toBe('value');
    expect(error.message).toContain('"bad');
    expect(memory).toEqual(before);
  });

  test('is one whose features are no record', () => {
    const part = encoder();
    const example = { features: null } as unknown as Example;
    expect(refusal(() => part.update(part.initial(), example)).code).toBe('shape');
  });

  test('is one with a name that is too long to keep', () => {
    expect(refusal(() => encodeAll([{ ['x'.repeat(257)]: 1 }])).code).toBe('value');
  });

  test('is one with a weight that is no weight', () => {
    const part = encoder();
    const example = { features: {}, weight: -1 };
    expect(refusal(() => part.update(part.initial(), example)).code).toBe('value');
  });
});

describe('targets', () => {
  const targetsOf = (options: EncoderOptions, targets: unknown[]) => {
    const part = encoder(options);
    const memory = part.initial();
    const samples = targets.map((target) =>
      part.update(memory, { features: {}, target } as Example),
    );
    return { part, memory, ys: samples.map(({ y }) => y) };
  };

  test('that are classes appear as they come', () => {
    const { memory, ys } = targetsOf({ task: 'classification' }, ['b', 'a', 'b', true, 7, '7']);
    expect(classNames(memory)).toEqual(['b', 'a', 'true', '7']);
    expect(ys).toEqual([[1], [0, 1], [1, 0], [0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1]]);
  });

  test('share one frozen vector per class', () => {
    const { ys } = targetsOf({ task: 'classification' }, ['a', 'b', 'b', 'b']);
    expect(ys[1]).toBe(ys[3]);
    expect(Object.isFrozen(ys[1])).toBe(true);
  });

  test('that are numbers are y itself', () => {
    expect(targetsOf({ task: 'regression' }, [1.5, 0]).ys).toEqual([[1.5], [0]]);
  });

  test.each([['regression'], ['classification']] as const)('may be missing (%s)', (task) => {
    expect(targetsOf({ task }, [undefined, null, '']).ys).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('are left out without a task', () => {
    expect(targetsOf({}, [1]).ys).toEqual([undefined]);
  });

  test.each([['x'], [true], [Number.NaN], [Number.POSITIVE_INFINITY], [{}]])(
    '%o is no number to regress on',
    (target) => {
      expect(refusal(() => targetsOf({ task: 'regression' }, [target])).code).toBe('label');
    },
  );

  test.each([[Number.NaN], [Object.create(null)], ['x'.repeat(257)]])(
    '%o is no class',
    (target) => {
      expect(refusal(() => targetsOf({ task: 'classification' }, [target])).code).toBe('label');
    },
  );

  test('of one class more than there may be are refused', () => {
    const options = { task: 'classification', classesMax: 2 } as const;
    expect(refusal(() => targetsOf(options, ['a', 'b', 'a', 'c'])).message).toContain('classesMax');
  });
});

describe('a question', () => {
  test('changes nothing, and what is new in it is left out', () => {
    const part = encoder({ task: 'classification' });
    const memory = part.initial();
    part.update(memory, { features: { a: 1 }, target: 'x' });
    const before = structuredClone(memory);
    const example = { features: { a: 2, b: 3, c: 'new' } };
    expect(part.apply(memory, example)).toEqual({ x: [2] });
    expect(part.apply(memory, { ...example, target: 'x' })).toEqual({ x: [2], y: [1] });
    expect(part.apply(memory, { ...example, target: 'y' })).toEqual({ x: [2] });
    expect(memory).toEqual(before);
  });

  test('can be asked before anything was learned', () => {
    const part = encoder({ task: 'regression' });
    expect(part.apply(part.initial(), { features: { a: 1 } })).toEqual({ x: [] });
  });
});

test('a copy of the memory goes on as the memory does', () => {
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
