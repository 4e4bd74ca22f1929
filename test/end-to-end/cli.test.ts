import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Trust } from '../../src/learn/trust.ts';
import { endOf, runCli, startCli } from './run-cli.ts';

const digitsFile = fileURLToPath(new URL('../golden/digits.csv.gz', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

test('evaluate prints one JSON object with what came of a file', async () => {
  const { exitCode, stdout, stderr } = await runCli(['evaluate', digitsFile, '--json']);
  expect(exitCode).toBe(0);
  expect(stderr).toBe(
    'rivulet: columns: 64 number: p0, p1, p2, p3, p4, p5, … (64)\n' +
      'rivulet: target: 10 distinct integers, treated as classes; use --task regression for amounts\n',
  );
  const outcome = JSON.parse(stdout);
  expect(outcome).toMatchObject({ samples: 1797, rejected: 0, task: 'classification' });
  expect(outcome.accuracy).toBeGreaterThan(0.7);
  expect(outcome.accuracy).toBeLessThan(1);
  expect(outcome.noChange).toBeGreaterThan(0);
  expect(outcome.cost).toBeGreaterThan(0);
  expect(outcome.samplesPerSecond).toBeGreaterThan(0);
  expect(outcome.metrics['kappaTemporal']).toBeGreaterThan(0.5);
  expect(outcome.metrics['accuracy.windowed']).toBeGreaterThan(outcome.accuracy);
  expect(outcome.baseline.accuracy).toBe(outcome.noChange);
  const trusted = outcome.experts.reduce((sum: number, { weight }: Trust) => sum + weight, 0);
  expect(trusted).toBeCloseTo(1, 6);
  expect(outcome.drifts).toEqual(expect.any(Array));
  expect(outcome.curve.at(-1)).toMatchObject({ step: 1797, cost: expect.any(Number) });
});

test('evaluate shows people the measures, the experts and the course of the cost', async () => {
  const { stdout } = await runCli(['evaluate', digitsFile]);
  expect(stdout).toMatch(/measures\n +over all +newest +fading +as last time\n +accuracy/);
  expect(stdout).toMatch(/experts\n +\w+ +[█░]{20} +\d/);
  expect(stdout).toMatch(/cost\n +\d\S* [▁▂▃▄▅▆▇█]+ \d/);
});

test('learn stops after the requested samples, and says it to people', async () => {
  const { exitCode, stdout } = await runCli(['learn', 'digits', '-n', '500', '--learner', 'seed']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^digits · classification · 64 inputs, 10 outputs\n/);
  expect(stdout).toMatch(/learned +500 samples/);
});

test('bad rows are counted and named, and an integer target with few values is a class', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 2},${i % 2}`);
  const path = file('rows.csv', ['a,target', ...rows, '1', '1,2,3', 'Infinity,1', ',0'].join('\n'));
  const { exitCode, stdout } = await runCli(['learn', path]);
  expect(exitCode).toBe(0);
  // An infinite number is a missing value.
  expect(stdout).toMatch(/learned +62 samples/);
  expect(stdout).toMatch(/rejected +2\n {4}line 62: expected 2 fields, got 1/);
});

test('standard input is a source, of CSV or of JSON lines', async () => {
  const records = Array.from({ length: 50 }, (_, i) => JSON.stringify({ a: i / 7, y: i * 1.5 }));
  const args = ['learn', '-', '--target', 'y', '--json'];
  const { stdout } = await runCli(args, `${records.join('\n')}\nnonsense\n`);
  expect(JSON.parse(stdout)).toMatchObject({ samples: 50, rejected: 1, task: 'regression' });
});

test('what a pipe brings at once is learned as the file is', async () => {
  const rows = Array.from({ length: 2_500 }, (_, i) => `${i % 7},${i % 11 > 5 ? 'x' : 'y'}`);
  const text = `a,target\n${rows.join('\n')}\n`;
  const path = file('pipe.csv', text);
  const results = [
    await runCli(['learn', path, '--json']),
    await runCli(['learn', '-', '--json'], text),
  ];
  const [one, other] = results.map(({ stdout }) => JSON.parse(stdout));
  const { task, samples, cost, accuracy } = one;
  expect(samples).toBe(2_500);
  expect(other).toMatchObject({ task, samples, cost, accuracy });
});

test('Ctrl-C prints what was learned so far', async () => {
  // How long it takes to start is the machine's affair: before that, a signal ends it silently.
  for (const afterMs of [3_000, 9_000, 27_000]) {
    const child = startCli(['learn', 'digits', '-n', '100000000', '--rate', '500', '--json']);
    const end = endOf(child);
    setTimeout(() => child.kill('SIGINT'), afterMs);
    const { exitCode, stdout } = await end;
    if (stdout === '' && afterMs < 27_000) continue;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout).samples).toBeGreaterThan(0);
    return;
  }
}, 90_000);

test('descend ends where the example ends', async () => {
  const [drawn, json] = await Promise.all([runCli(['descend']), runCli(['descend', '--json'])]);
  expect(drawn.stdout).toContain('70 steps from 6 to 2.2499646074278457');
  expect(JSON.parse(json.stdout)).toMatchObject({ end: 2.2499646074278457, steps: 70 });
});

test('misuse is one clear line on standard error, and exit code 2', async () => {
  const { exitCode, stdout, stderr } = await runCli(['learn', '/no/such.csv']);
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'rivulet: cannot read /no/such.csv: there is no such file\n',
  });
});

test('evaluate rejects a class and a record beyond the limits of its options', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => {
    const more = i === 30 ? { b: 1, c: 2, d: 3 } : {};
    return JSON.stringify({ a: i % 7, ...more, target: `class ${i === 20 ? 'new' : i % 3}` });
  });
  const path = file('classes.ndjson', rows.join('\n'));
  const args = ['evaluate', path, '--classes-max', '3', '--features-max', '3'];
  const { stdout } = await runCli([...args, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ samples: 38, rejected: 2 });
  const { exitCode } = await runCli([...args.slice(0, 3), '0']);
  expect(exitCode).toBe(2);
});
