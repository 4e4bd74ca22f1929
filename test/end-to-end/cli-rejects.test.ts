import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from './run-cli.ts';
import { startServing } from './start-serving.ts';

const newFolder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'rivulet-cli-rejects-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const entries = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('rejected rows are in a file, and can be learned from when they have been corrected', async () => {
  const folder = newFolder();
  const rows = Array.from({ length: 20 }, (_, i) => JSON.stringify({ a: i % 5, price: i % 3 }));
  const deepRow = `${'{"a":'.repeat(9)}1${'}'.repeat(9)}`;
  const bad = ['{"a":1,"price":"much"}', deepRow, 'nonsense \u001b[31m'];
  const path = join(folder, 'rows.ndjson');
  writeFileSync(path, [...rows, ...bad].join('\n'));
  const rejects = join(folder, 'rejects.ndjson');
  const task = ['--task', 'regression', '--target', 'price', '--json'];
  const run = await runCli(['evaluate', path, ...task, '--rejects', rejects]);
  expect(JSON.parse(run.stdout)).toMatchObject({ samples: 20, rejected: 3 });
  const found = entries(rejects);
  expect(found.map(({ code, source }) => [code, source])).toEqual(
    ['shape', 'parse', 'label'].map((code) => [code, path]),
  );
  expect(found[1]).toMatchObject({ index: 23, text: 'nonsense \u001b[31m' });
  expect(found[2]).toMatchObject({ record: { a: 1, price: 'much' } });
  const corrected = join(folder, 'corrected.ndjson');
  writeFileSync(corrected, JSON.stringify({ ...(found[2]!['record'] as object), price: 3 }));
  const again = await runCli(['learn', corrected, ...task]);
  expect(JSON.parse(again.stdout)).toMatchObject({ samples: 1, rejected: 0 });
});

test.each(['--worker', '--no-worker'])('so are fed samples of a server (%s)', async (worker) => {
  const folder = newFolder();
  const path = join(folder, 'rows.csv');
  writeFileSync(path, 'a,target\n1,2\n2,3\n3,4,5\n');
  const rejects = join(folder, 'rejects.ndjson');
  const args = [path, '--task', 'regression', '--rejects', rejects, worker];
  const { child, url, end } = await startServing(args);
  onTestFinished(() => void child.kill('SIGKILL'));
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const body = [
    'no JSON',
    '{"features":{"a":{"b":{"c":{"d":{"e":1}}}}},"target":1}',
    '{"features":{"a":1},"target":"text"}',
    '{"features":{"a":1},"target":1}',
    `{"features":{"a":${deep}},"target":1}`,
  ];
  const post = () => fetch(`${url}v1/feed`, { method: 'POST', body: body.join('\n') });
  await expect.poll(async () => (await post()).status, { timeout: 20_000 }).toBe(200);
  child.kill('SIGTERM');
  expect((await end).exitCode).toBe(0);
  // A request that came before there was a model has added those that nobody needs a model for.
  const found = entries(rejects).slice(-5);
  expect(found.map((entry) => entry['fields'] ?? entry['text'] ?? entry['record'])).toEqual(
    expect.arrayContaining([
      'no JSON',
      { a: { b: { c: { d: { e: 1 } } } }, target: 1 },
      { a: 1, target: 'text' },
    ]),
  );
  expect(found.some(({ omitted }) => omitted === 'nested deeper than 32 levels')).toBe(true);
});

test('a file that cannot be written is refused at once', async () => {
  const { exitCode, stderr } = await runCli([
    'learn',
    'digits',
    '-n',
    '5',
    '--rejects',
    '/no/such/f',
  ]);
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringMatching(/^rivulet: rejects cannot be written to \/no\/such\/f: ENOENT/),
  ]);
});

test('a source cannot be the file of its own rejects', async () => {
  const path = join(newFolder(), 'rows.ndjson');
  writeFileSync(path, '{"a":1,"target":2}\nnonsense\n');
  const { exitCode, stderr } = await runCli(['learn', path, '--rejects', path]);
  expect([exitCode, stderr]).toEqual([
    2,
    `rivulet: --rejects ${path} is the source ${path}: choose another file\n`,
  ]);
  expect(readFileSync(path, 'utf8')).toBe('{"a":1,"target":2}\nnonsense\n');
});
