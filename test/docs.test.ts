import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { examplesOf, pages, promisedBy } from './docs-pages.ts';

const root = resolve(import.meta.dirname, '..');
/** Inside the project, so that an example finds its packages. */
const folder = mkdtempSync(join(root, 'node_modules/.docs-'));

interface Example {
  readonly page: string;
  readonly index: number;
  readonly code: string;
}

/** The complete programs of docs/*.md: each block marked `ts`. */
const examples: Example[] = [...pages()].flatMap(([page, text]) =>
  examplesOf(text).map((code, index) => ({ page, index, code })),
);

const fileOf = ({ page, index }: Example): string => join(folder, `${page}-${index}`);
const src = (file: string): string => join(root, 'src', file);

/** All examples at once, so that what they import is bundled once. */
beforeAll(async () => {
  for (const example of examples) writeFileSync(`${fileOf(example)}.ts`, example.code);
  await build({
    entryPoints: examples.map((example) => `${fileOf(example)}.ts`),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    alias: {
      'rivulet/client': src('client/index.ts'),
      'rivulet/node': src('node/index.ts'),
      'rivulet/mqtt': src('node/sources/mqtt/index.ts'),
      'rivulet/digits': src('sources/digits.ts'),
      rivulet: src('index.ts'),
    },
  });
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(3);
});

test.each(examples)('example $index of docs/$page prints what it says', async (example) => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import(pathToFileURL(`${fileOf(example)}.mjs`).href);
  expect(log.mock.calls.map((values) => values.join(' '))).toEqual(promisedBy(example.code));
});
