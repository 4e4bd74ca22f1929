import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Declarations } from '../docs/reference/declarations.ts';
import { declare } from '../docs/reference/declare.ts';
import { unmeasuredNumbers } from '../docs/reference/numbers.ts';
import {
  entriesOf,
  referenceOf,
  undocumentedMembers,
  undocumentedNames,
} from '../docs/reference/reference.ts';
import manifest from '../package.json' with { type: 'json' };

const clone = resolve(import.meta.dirname, '..');

// A compiler runs in most of these: only one that hangs should fail, not one on a loaded machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** A program's folder, with the declarations of the package installed in it. */
const folder = mkdtempSync(join(tmpdir(), 'rivulet-types-'));
const installed = join(folder, 'node_modules/rivulet');

const compile = (cwd: string, ...args: string[]): string => {
  const { stdout } = spawnSync(join(clone, 'node_modules/.bin/tsc'), args, {
    cwd,
    encoding: 'utf8',
  });
  return stdout;
};

beforeAll(() => {
  mkdirSync(installed, { recursive: true });
  copyFileSync(join(clone, 'package.json'), join(installed, 'package.json'));
  for (const name of ['rxjs', 'typebox']) {
    symlinkSync(join(clone, 'node_modules', name), join(folder, 'node_modules', name));
  }
  declare(join(installed, 'dist'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the types need of their reader no more than ES2022 and the DOM', () => {
  const names = ['rivulet', 'rivulet/client', 'rivulet/frozen', 'rivulet/digits'];
  const program = names.map((name) => `export * from '${name}';`).join('\n');
  writeFileSync(join(folder, 'program.ts'), program);
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2022', 'DOM'],
    types: [],
    module: 'NodeNext',
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const config = { compilerOptions, files: ['program.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  expect(compile(folder)).toBe('');
});

/** A memory is copied as a whole: what it is made of needs no name. */
const ofMemory = /^\w+Memory needs/;

/** What a server's own parts take from each other. */
const inside = /^(Channel|Hub|Logs|Watcher)$/;

test('every type that a public name needs has a public name', () => {
  const entries = Object.values(manifest.exports)
    .filter((target) => typeof target === 'object')
    .map(({ types }) => join(installed, types));
  const found = new Declarations().unnameable(entries);
  // That they are found at all says that the declarations are read.
  expect(found).toContain('Attachment needs Hub');
  const wrong = found.filter(
    (line) => !ofMemory.test(line) && !inside.test(line.split(' ').at(-1)!),
  );
  expect(wrong).toEqual([]);
});

test('the API reference is what the declarations say; npm run reference writes it', () => {
  const pages = join(clone, 'docs/api');
  const written = readdirSync(pages).map((file): [string, string] => [
    file,
    readFileSync(join(pages, file), 'utf8'),
  ]);
  expect(new Map(written)).toEqual(referenceOf(entriesOf(installed)));
});

test('every public name has a sentence that says what it is', () => {
  expect(undocumentedNames(entriesOf(installed))).toEqual([]);
});

test('every public member has a sentence that says what it is', () => {
  expect(undocumentedMembers(entriesOf(installed))).toEqual([]);
});

test('every number and array that is passed has a shape, a unit or a range', () => {
  const names = new Map(entriesOf(installed).flatMap(({ names }) => names));
  expect(unmeasuredNumbers(names)).toEqual([]);
});

test('a number without a unit, a range or a shape is found', () => {
  const code = (comment: string): string =>
    `export interface FooOptions {\n    /** ${comment} */\n    readonly rate?: number;\n}`;
  const found = (comment: string): string[] =>
    unmeasuredNumbers(new Map([['FooOptions', { comment: '', code: code(comment) }]]));
  expect(found('How fast it goes. Default 3.')).toEqual(['FooOptions.rate']);
  expect(found('How fast it goes, in samples per second. Default 3.')).toEqual([]);
  expect(found('How fast it goes, in [0, 1].')).toEqual([]);
});
