import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Folders of tests of no single file, and of programs that come with their packages. */
const others = ['contracts', 'end-to-end', 'golden', 'mutation', 'same-bits'];

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.includes('node_modules'),
);

/** What `PATH/NAME.test.ts` and `PATH/NAME.ASPECT.test.ts` test, without an ending. */
const testedBy = (file: string): string => {
  const [path, name] = [file.split('/').slice(0, -1), file.split('/').at(-1)!];
  const folder = path[0] === 'clients' ? path : ['src', ...path];
  return [...folder, name.split('.')[0]].join('/');
};

const exists = (tested: string): boolean =>
  [`${tested}.ts`, `${tested}.tsx`, tested].some((path) => existsSync(join(root, path)));

test('a test file has the path and the name of the file or folder that it tests', () => {
  const tests = files.filter((file) => file.endsWith('.test.ts'));
  const mirrored = tests.filter(
    (file) => file.includes('/') && !others.includes(file.split('/')[0]!),
  );
  expect(mirrored.length).toBeGreaterThan(150);
  expect(mirrored.filter((file) => !exists(testedBy(file)))).toEqual([]);
});

test('a test that waits does so with eventually() or expect.poll(), which have time under load', () => {
  const waiting = files.filter((file) =>
    /\bvi\.wait(?:For|Until)\(/.test(readFileSync(join(import.meta.dirname, file), 'utf8')),
  );
  expect(waiting).toEqual(['eventually.ts']);
});
