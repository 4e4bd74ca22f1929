import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/broadcast/sha256.ts';

test.each(['', 'abc', 'é'.repeat(31), 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(1000)])(
  'the hash of %j is that of Node',
  (text) => {
    expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
  },
);
