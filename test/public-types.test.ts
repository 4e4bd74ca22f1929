import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { Declarations } from './public-types.ts';

const clone = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'rivulet-types-'));

beforeAll(() => {
  const tsc = join(clone, 'node_modules/.bin/tsc');
  execFileSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', folder], { cwd: clone });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a part remembers is copied, and never named. */
const memories = /Memory$|^(CostSums|Memories|Moments|ClassCounts)$/;

/** What a server's own parts take from each other, and the overloads of a function. */
const inside = /^(Channel|Hub|Logs|Watcher|TakesSnapshots)$/;

test('every type that a public name needs has a public name', () => {
  const entries = Object.values(manifest.exports)
    .filter((target) => typeof target === 'object')
    .map(({ types }) => types.replace('./dist', folder));
  const found = new Declarations().unnameable(entries);
  // That they are found at all says that the declarations are read.
  expect(found).toContain('Attachment needs Hub');
  const wrong = found.filter((line) => {
    const needed = line.split(' ').at(-1)!;
    return !memories.test(needed) && !inside.test(needed);
  });
  expect(wrong).toEqual([]);
});
