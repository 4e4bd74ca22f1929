import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import mutants from './mutants.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '../..');

test.each(mutants)('the mutant of $file still applies: $from', ({ file, from, to, tests }) => {
  const parts = readFileSync(resolve(root, file), 'utf8').split(from);
  expect(parts).toHaveLength(2);
  expect(to).not.toBe(from);
  expect(tests.length).toBeGreaterThan(0);
  expect(tests.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
});
