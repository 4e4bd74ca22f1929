import { expect, test } from 'vitest';
import { frameHeader, opcodes, textFrame } from '../../../src/node/server/upgrade.ts';

test.each([
  [125, [0x81, 125]],
  [126, [0x81, 126, 0, 126]],
  [65_535, [0x81, 126, 255, 255]],
  [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
])('the header of a text of %i bytes says how long it is', (length, header) => {
  expect([...frameHeader(opcodes.text, length)]).toEqual(header);
});

test('a text that goes to many is one frame', () => {
  const frame = textFrame('{"t":"hb"}');
  expect(String(frame.subarray(2))).toBe('{"t":"hb"}');
  expect(textFrame('{"t":"hb"}')).toBe(frame);
});

test('neither many texts nor long ones are kept', () => {
  const first = textFrame('first');
  for (let i = 0; i < 256; i += 1) textFrame(`text ${i}`);
  const again = textFrame('first');
  expect(again).not.toBe(first);
  for (const letter of ['a', 'b', 'c']) textFrame(letter.repeat(100_000));
  expect(textFrame('first')).not.toBe(again);
});
