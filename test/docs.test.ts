import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, expect, test, vi } from 'vitest';

const root = resolve(import.meta.dirname, '..');
/** Inside the project, so that an example finds its packages. */
const folder = mkdtempSync(join(root, 'node_modules/.docs-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

interface Example {
  readonly page: string;
  readonly index: number;
  readonly code: string;
}

/** The pages of docs/ whose examples are complete programs: each block marked `ts`. */
const examples: Example[] = readdirSync(join(root, 'docs'))
  .filter((file) => file.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(join(root, 'docs', page), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(
      ([, code], index) => ({ page, index, code: code! }),
    ),
  );

/** What the comments behind `console.log(…);` promise, in order. */
const promised = (code: string): string[] =>
  [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text!);

const bundled = async ({ code, page, index }: Example): Promise<string> => {
  const outfile = join(folder, `${page}-${index}.mjs`);
  const src = (file: string): string => join(root, 'src', file);
  await build({
    stdin: { contents: code, loader: 'ts', resolveDir: root },
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    alias: {
      'rivulet/client': src('client/index.ts'),
      'rivulet/node': src('node/index.ts'),
      'rivulet/digits': src('sources/digits.ts'),
      rivulet: src('index.ts'),
    },
    outfile,
  });
  return outfile;
};

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(3);
});

test.each(examples)('example $index of docs/$page prints what it says', async (example) => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import(pathToFileURL(await bundled(example)).href);
  expect(log.mock.calls.map((values) => values.join(' '))).toEqual(promised(example.code));
});
