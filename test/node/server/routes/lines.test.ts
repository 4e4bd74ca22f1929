import { expect, test } from 'vitest';
import { initialRandom, randomInteger } from '../../../../src/math/random.ts';
import { linesOf } from '../../../../src/node/server/routes/lines.ts';

const read = async (pieces: Iterable<Buffer>, bytesMax: number) => {
  const lines: string[] = [];
  try {
    for await (const some of linesOf(pieces, bytesMax)) lines.push(...some);
  } catch (error) {
    return { lines, status: (error as { status: number }).status };
  }
  return { lines, status: 200 };
};

test('however a text is cut into pieces, its lines are the same', async () => {
  const text = '\n{"a":1}\r\n\r\n  \n{"é":"\u{1F600}"}\n\n0123456789\n\ufeff{}\nlast';
  const expected = {
    lines: ['{"a":1}', '{"é":"\u{1F600}"}', '0123456789', '{}', 'last'],
    status: 200,
  };
  const bytes = Buffer.from(text);
  const random = initialRandom(1);
  for (let round = 0; round < 300; round += 1) {
    const pieces: Buffer[] = [];
    for (let from = 0; from < bytes.length; ) {
      const to = from + 1 + randomInteger(random, round % 20 === 0 ? 1 : 20);
      pieces.push(Buffer.from(bytes.subarray(from, to)));
      from = to;
    }
    expect(await read(pieces, 16)).toEqual(expected);
  }
});

test('a line that is too long ends the reading after those before it, wherever it is cut', async () => {
  const bytes = Buffer.from(`one\ntwo\n${'x'.repeat(11)}\nfour\n`);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
    expect(await read(pieces, 10)).toEqual({ lines: ['one', 'two'], status: 413 });
    expect((await read(pieces, 11)).lines).toHaveLength(4);
  }
  expect((await read([Buffer.from('x'.repeat(11))], 10)).status).toBe(413);
});
