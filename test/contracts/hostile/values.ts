import { initialRandom, randomInteger } from '../../../src/math/random.ts';
import { countItems, marker } from './items.ts';

const circular: Record<string, unknown> = {};
circular['self'] = circular;

/** Fields that no sample should have. */
const fields: readonly unknown[] = [
  ...[Number.NaN, Number.POSITIVE_INFINITY, -0, 2n ** 80n, 2n ** 2_000n, Symbol('s'), () => 1],
  ...[
    '',
    '\0',
    '\ud800',
    'x'.repeat(5_000),
    '2024-13-45T99:99:99Z',
    '2024-05-06',
    new Date(Number.NaN),
  ],
  ...[
    new Date(0),
    null,
    undefined,
    true,
    circular,
    Object.create(null),
    new Map([[1, 2]]),
    /x/,
    [],
  ],
  ...[
    [1, [2, [3, [4, [5]]]]],
    { a: { b: { c: { d: { e: 1 } } } } },
    new Float64Array(3),
    Buffer.from('a'),
  ],
];

const names = ['a', '', '__proto__', 'constructor', 'toString', '\0', '\ud800', 'n'.repeat(400)];

/** Values in place of examples, each followed by a good example with its number. */
export const hostileValues = (wanted: number): { values: unknown[]; count: number } => {
  const random = initialRandom(40);
  const any = (): unknown => fields[randomInteger(random, fields.length)];
  const record = (): Record<string, unknown> => {
    const made: Record<string, unknown> = Object.create(null);
    for (let left = randomInteger(random, 4); left > 0; left -= 1)
      made[names[randomInteger(random, names.length)]!] = any();
    return made;
  };
  const value = (): unknown => {
    if (randomInteger(random, 4) === 0) return any();
    const features = randomInteger(random, 4) === 0 ? any() : record();
    const others = ['target', 'id', 'time', 'weight', 'line'].filter(
      () => randomInteger(random, 3) === 0,
    );
    return { features, ...Object.fromEntries(others.map((name) => [name, any()])) };
  };
  const count = countItems(wanted);
  const values = Array.from({ length: 2 * count }, (_, i) =>
    i % 2 === 0 ? value() : { features: { [marker]: (i - 1) / 2 }, target: 'good' },
  );
  return { values, count };
};
