import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { examplesOf, pages, promisedBy } from './docs-pages.ts';
import { hasMosquitto, Mosquitto } from './node/sources/mqtt/mosquitto.ts';

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

const entries = {
  'rivulet/client': src('client/index.ts'),
  'rivulet/frozen': src('client/frozen-copy.ts'),
  'rivulet/node': src('node/index.ts'),
  'rivulet/mqtt': src('node/sources/mqtt/index.ts'),
  'rivulet/digits': src('sources/digits.ts'),
  rivulet: src('index.ts'),
};

/** An example that needs a broker reads its address from here. */
const brokerVariable = 'MQTT_URL';
let broker: Mosquitto | undefined;

/** All examples at once, so that what they import is bundled once. */
beforeAll(async () => {
  if (hasMosquitto()) {
    broker = await Mosquitto.start();
    process.env[brokerVariable] = broker.url;
  }
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
    alias: entries,
  });
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await broker?.stop();
  rmSync(folder, { recursive: true });
});

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(3);
});

test('the examples have no type errors', () => {
  const paths = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, [file]]));
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { paths },
    include: ['*.ts'],
    exclude: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
  expect(tsc.stdout).toBe('');
});

test.each(examples)('example $index of docs/$page prints what it says', async (example) => {
  if (example.code.includes(brokerVariable) && broker === undefined) return;
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import(pathToFileURL(`${fileOf(example)}.mjs`).href);
  expect(log.mock.calls.map((values) => format(...values))).toEqual(promisedBy(example.code));
});
