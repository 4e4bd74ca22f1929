import { expect, test } from 'vitest';
import { recordMaker } from '../../src/sources/record-maker.ts';

/** Each value says where it came from. */
const source = { value: (place: number) => `at ${place}` };

test('a record has the values of the places that belong to its names', () => {
  expect(recordMaker(['a', 'b'], [2, 0])(source)).toEqual({ a: 'at 2', b: 'at 0' });
});

test.each(['"', '\\', "'] + alert() + ['", '`', '\n', '\u2028', '', '0', '__proto__', 'toString'])(
  'a record may have the name %j',
  (name) => {
    const record = recordMaker([name], [1])(source);
    expect(Object.entries(record)).toEqual([[name, 'at 1']]);
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
  },
);

test('a record may have any number of names', () => {
  const names = Array.from({ length: 2_000 }, (_, i) => `f${i}`);
  const record = recordMaker(names, [...names.keys()])(source);
  expect(Object.entries(record)).toEqual(names.map((name, i) => [name, `at ${i}`]));
});
