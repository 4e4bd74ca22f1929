import { expect, test } from 'vitest';
import { flood } from '../../bench/sources/flood.ts';

/** A minute where every test must run; a look elsewhere. */
const seconds = process.env['CI'] === 'true' ? 60 : 3;

test('a source ten times as fast as the learner costs no memory, and every sample is accounted for', {
  timeout: 4 * seconds * 1000 + 30_000,
}, async () => {
  const { sent, learned, dropped, grownMiB } = await flood(seconds);
  expect(learned).toBeGreaterThan(1_000);
  expect(dropped).toBeGreaterThan(learned);
  expect(learned + dropped).toBe(sent);
  expect(grownMiB).toBeLessThan(32);
});
