import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyQ8, encodeQ8 } from '../../src/broadcast/quantize.ts';
import { applyXor, encodeXor } from '../../src/broadcast/xor.ts';

const bits = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');

const pair = fc
  .integer({ min: 0, max: 300 })
  .chain((length) =>
    fc.tuple(
      fc.float32Array({ minLength: length, maxLength: length }),
      fc.float32Array({ minLength: length, maxLength: length }),
    ),
  );

const finitePair = fc.integer({ min: 1, max: 50 }).chain((length) =>
  fc.tuple(
    ...([0, 1] as const).map(() =>
      fc.array(fc.float({ min: -1e6, max: 1e6, noNaN: true }), {
        minLength: length,
        maxLength: length,
      }),
    ),
  ),
);

describe('an exact difference', () => {
  test('leads from any bits to any bits, and the sender knows it', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const [server, client] = [before.slice(), before.slice()];
        applyXor(client, encodeXor(server, after));
        expect(bits(client)).toBe(bits(after));
        expect(bits(server)).toBe(bits(after));
      }),
    );
  });

  test('is short where little has changed', () => {
    const before = Float32Array.from({ length: 1_000 }, (_, i) => Math.sin(i));
    expect(encodeXor(before.slice(), before).length).toBe(32);
  });

  test.each([[[]], [[0, 0]], [[1, 2, 3, 4, 5]], [[0]]])('refuses a payload like %j', (payload) => {
    expect(() => applyXor(new Float32Array(1), Uint8Array.from(payload))).toThrow(RangeError);
  });
});

describe('a small difference', () => {
  test('leads client and server to the same bits, and near the truth', () => {
    fc.assert(
      fc.property(finitePair, ([from, to]) => {
        const before = Float32Array.from(from!);
        const [server, client, after] = [before.slice(), before.slice(), Float32Array.from(to!)];
        const lengths = [Math.floor(before.length / 2), Math.ceil(before.length / 2)];
        const payload = encodeQ8(server, after, lengths)!;
        expect(payload.length).toBe(8 + before.length);
        applyQ8(client, payload, lengths);
        expect(bits(client)).toBe(bits(server));
        const largest = Math.max(...before.map((value, i) => Math.abs(after[i]! - value)));
        for (const [i, value] of after.entries()) {
          expect(Math.abs(client[i]! - value)).toBeLessThanOrEqual(largest / 250 + 0.13);
        }
      }),
    );
  });

  test('makes its rounding good with the next one', () => {
    const target = Float32Array.of(1, 0.001, -0.3, 0.77);
    const server = new Float32Array(4);
    for (let i = 0; i < 4; i += 1) encodeQ8(server, target, [4]);
    for (const [i, value] of target.entries()) expect(server[i]).toBeCloseTo(value, 6);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('cannot say %d, and changes nothing', (bad) => {
    const server = Float32Array.of(1, 2);
    expect(encodeQ8(server, Float32Array.of(1, bad), [2])).toBeUndefined();
    expect([...server]).toEqual([1, 2]);
  });
});
