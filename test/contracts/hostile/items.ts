import { initialRandom, type RandomMemory, randomInteger } from '../../../src/math/random.ts';

/** Ten times as many at night. */
const factor = process.env['NIGHTLY'] ? 10 : 1;

/** How many items of all subjects have been made. */
let made = 0;

/** Counts items as made, ten times as many at night; returns how many. */
export const countItems = (count: number): number => {
  made += count * factor;
  return count * factor;
};

/** How many items of all subjects have been made so far. */
export const itemsMade = (): number => made;

const text = (...texts: string[]): Buffer[] => texts.map((one) => Buffer.from(one));

/** Valid items, of which hostile ones are made. */
export const jsonItems = text(
  '{"a":1.5,"b":-2,"target":3}',
  '{"a":0,"b":12.25,"target":4}',
  '{"a":1e3,"room":"hall \\u00e9","time":"2024-05-06T07:08:09Z","id":"q7","target":"warm"}',
  '{"at":{"x":1,"y":[1,2,{"z":3}]},"on":true,"gone":null,"target":false}',
  '{"time":1700000000000,"id":12,"deep":{"er":{"and":{"deeper":{}}}}}',
  '[{"a":1},{"a":2}]',
  '17.25',
  '"text"',
);

/** Valid rows of a CSV with the columns `marker,a,b,id,time,target`. */
export const rowItems = text(
  ',1,2,q,2024-05-06T07:08:09Z,warm',
  ',-1.5,,r,1700000000000,cold',
  ',"quoted, and ""doubled""",0.000001,s,,3',
  ',1e5,007,t,2024-01-01,',
);

const odd = [
  ...text('__proto__', 'constructor', 'toString', 'null', 'NaN', '1e999', '-1e999', '-0', '"', "'"),
  ...text('{', '}', '[', ']', ',', ':', '\\', '\\u0000', '\\ud800', '9'.repeat(400), '"target":{}'),
  ...text('\0', '\n', '\r', '\r\n', '\t', '\u2028', '\u202e', '\u001b[2J', ';', '|', '0x10', '.5.'),
  ...text(
    'data: ',
    'id: \u0001\n',
    'retry: 1\n',
    '1e-400',
    '{"a":'.repeat(5_000),
    '['.repeat(9_000),
  ),
  // A byte-order mark, a surrogate, an overlong slash, UTF-16, gzip, a rest of a character.
  ...['efbbbf', 'eda080', 'c0af', 'fffe', '1f8b08', 'f09f98', '80'].map((hex) =>
    Buffer.from(hex, 'hex'),
  ),
];

const spliced = (item: Buffer, random: RandomMemory): Buffer => {
  const at = randomInteger(random, item.length + 1);
  const cut = Math.min(item.length, at + randomInteger(random, 6));
  const kind = randomInteger(random, 5);
  const piece = odd[randomInteger(random, odd.length)]!;
  if (kind === 0) return Buffer.concat([item.subarray(0, at), piece, item.subarray(at)]);
  if (kind === 1) return Buffer.concat([item.subarray(0, at), piece, item.subarray(cut)]);
  if (kind === 2) return Buffer.concat([item.subarray(0, at), item.subarray(cut)]);
  if (kind === 3) return Buffer.concat([piece, item]);
  return Buffer.concat([
    item.subarray(0, at),
    Buffer.from([randomInteger(random, 256)]),
    item.subarray(cut),
  ]);
};

/** So many hostile items: some as they are, most with up to three changes. The same in each run. */
export const hostileItems = (count: number, valid: readonly Buffer[], seed = 1): Buffer[] => {
  const random = initialRandom(seed);
  return Array.from({ length: countItems(count) }, () => {
    let item = valid[randomInteger(random, valid.length)]!;
    for (let left = randomInteger(random, 4); left > 0; left -= 1) item = spliced(item, random);
    return item;
  });
};

/** The bytes cut anywhere, also within a character. */
export const cutAnywhere = (bytes: Buffer, seed = 2, most = 4_096): Buffer[] => {
  const random = initialRandom(seed);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + randomInteger(random, randomInteger(random, 4) === 0 ? 3 : most);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
};

/** The name of the feature that numbers the good items. */
export const marker = 'marker';

/** A good item with its number. */
export const goodRecord = (number: number): Buffer =>
  Buffer.from(JSON.stringify({ [marker]: number, target: 'good' }));
