import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initialRandom, randomNormal } from '../../src/math/random.ts';
import { endOf, runCli, startCli } from './run-cli.ts';
import { startServing } from './start-serving.ts';

const folder = mkdtempSync(join(tmpdir(), 'rivulet-predict-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const random = initialRandom(5);
const points = Array.from({ length: 400 }, (_, i) => ({
  a: randomNormal(random),
  colour: i % 2 === 0 ? 'red' : 'blue',
}));
const classRows = points.map(({ a, colour }) => `${a},${colour},${a > 0 ? 'high' : 'low'}`);
const numberRows = points.map(({ a, colour }) => `${a},${colour},${3 * a + (a > 1 ? 1 : 0)}`);

const classes = join(folder, 'classes');
const numbers = join(folder, 'numbers');

beforeAll(async () => {
  const header = 'a,colour,level';
  const trained = await Promise.all([
    runCli([
      'learn',
      file('c.csv', [header, ...classRows].join('\n')),
      '-t',
      'level',
      '--save',
      classes,
    ]),
    runCli([
      'learn',
      file('n.csv', [header, ...numberRows].join('\n')),
      '-t',
      'level',
      '--save',
      numbers,
    ]),
  ]);
  expect(trained.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
});

interface Written {
  readonly row: number;
  readonly prediction?: string | number;
  readonly contributions: Readonly<Record<string, number>>;
  readonly error?: string;
}

const lines = (text: string): string[] => text.trimEnd().split('\n');
const records = (text: string): Written[] => lines(text).map((line) => JSON.parse(line));

describe('predict of a checkpoint', () => {
  test('writes one CSV row for each row, with the probability of each class', async () => {
    const { stdout, stderr, exitCode } = await runCli(
      ['predict', classes, '-'],
      'a,colour\n2,red\n-2,blue\n',
    );
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const [header, first, second, ...rest] = lines(stdout);
    expect(header).toBe('row,prediction,probability_low,probability_high,error');
    expect(first).toMatch(/^1,high,0\.\d+,0\.\d+,$/);
    expect(second).toMatch(/^2,low,0\.\d+,0\.\d+,$/);
    expect(rest).toEqual([]);
    const [, , low, high] = first!.split(',').map(Number);
    expect(low! + high!).toBeCloseTo(1, 9);
  });

  test('writes the interval of a number around it, and the target is no feature', async () => {
    const { stdout, stderr } = await runCli(
      ['predict', numbers, '-'],
      'a,colour,level\n1,red,99\n',
    );
    expect(stderr).toBe('');
    const [header, row] = lines(stdout);
    expect(header).toBe('row,prediction,low,high,error');
    const [, value, low, high] = row!.split(',').map(Number);
    expect(value).toBeGreaterThan(2);
    expect(value).toBeLessThan(4.5);
    expect(low).toBeLessThan(value!);
    expect(high).toBeGreaterThan(value!);
  });

  test('gives a row that cannot be read its own output row, in its place', async () => {
    const input = ['name,a,colour', 'r1,1,red', 'r2,1,red,more', 'r3,-1,blue', 'r4,"1'];
    const { stdout, stderr, exitCode } = await runCli(
      ['predict', classes, '-', '--format', 'ndjson', '--id', 'name'],
      input.join('\n'),
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain('2 of 4 rows could not be predicted');
    expect(records(stdout)).toMatchObject([
      { row: 1, id: 'r1', prediction: 'high' },
      { row: 2, error: 'line 3: expected 3 fields, got 4' },
      { row: 3, id: 'r3', prediction: 'low' },
      { row: 4, error: expect.stringMatching(/^line 5: /) },
    ]);
  });

  test('gives a record that the model refuses its own output row', async () => {
    const input = [{ a: 1 }, { ['x'.repeat(300)]: 1 }, { a: -1 }].map((one) => JSON.stringify(one));
    const { stdout } = await runCli(['predict', classes, '-'], input.join('\n'));
    expect(
      lines(stdout)
        .slice(1)
        .map((line) => line.slice(0, 6)),
    ).toEqual(['1,high', '2,,,,"', '3,low,']);
    expect(lines(stdout)[2]).toContain('line 2: the name of feature');
  });

  test('keeps lines and rows together over many batches and several files', async () => {
    const isBad = (i: number): boolean => i % 7 === 3 || (i > 300 && i < 320);
    const rows = Array.from({ length: 1_000 }, (_, i) =>
      isBad(i) ? 'x,x,x' : `${i % 2 ? 3 : -3},red`,
    );
    const csv = file('many.csv', ['a,colour', ...rows].join('\n'));
    const ndjson = file(
      'many.ndjson',
      rows.map((_, i) => (isBad(i) ? 'bad' : JSON.stringify({ a: i % 2 ? 3 : -3 }))).join('\n'),
    );
    const { stdout } = await runCli(['predict', classes, csv, ndjson, '--format', 'ndjson']);
    const found = records(stdout);
    expect(found).toHaveLength(2_000);
    for (const [at, { row, prediction, error }] of found.entries()) {
      const i = at % 1_000;
      expect(row).toBe(at + 1);
      if (isBad(i)) expect(error).toMatch(new RegExp(`^line ${i + (at < 1_000 ? 2 : 1)}: `));
      else expect(prediction).toBe(i % 2 ? 'high' : 'low');
    }
  });

  test('explains: what each feature contributes to the class that is predicted', async () => {
    const output = join(folder, 'why.ndjson');
    const input = 'a,colour\n2,red\n-2,red\n';
    await runCli(['predict', classes, '-', '--explain', '--output', output], input);
    const [high, low] = records(readFileSync(output, 'utf8'));
    expect(high!.contributions['a']!).toBeGreaterThan(0);
    expect(low!.contributions['a']!).toBeGreaterThan(0);
    expect(Object.keys(high!.contributions)).toEqual(['a', 'colour=red', 'colour=blue']);
    const { stdout } = await runCli(
      ['predict', classes, '-', '--explain'],
      'a,colour\nx,x,x\n2,red\n',
    );
    expect(lines(stdout)[0]).toBe(
      'row,prediction,probability_low,probability_high,contribution_a,contribution_colour=red,contribution_colour=blue,error',
    );
    expect(lines(stdout)[1]).toMatch(/^1,,,,,,,"line 2: /);
    expect(Number(lines(stdout)[2]!.split(',')[4])).toBe(high!.contributions['a']!);
  });

  test('names unknown features once, beside the known ones', async () => {
    const { stderr } = await runCli(['predict', classes, '-'], 'A,colour,b\n1,red,2\n2,red,2\n');
    expect(stderr).toBe('rivulet: the model does not know the features A, b; it knows a, colour\n');
  });

  test('reads cells by the types of the columns that the model has learned', async () => {
    const saved = join(folder, 'typed');
    const rows = points.map(({ a }, i) => {
      const price = (1_000 + 10 * Math.round(100 * a)).toLocaleString('de-DE');
      return `${price},50;${i % 9 === 0 ? 'NA' : `k${i % 3}`};${a > 0 ? 'dear' : 'cheap'}`;
    });
    const source = file('typed.csv', ['price;kind;target', ...rows].join('\n'));
    await runCli(['learn', source, '--save', saved]);
    const csv = 'price;kind\n1.900,50;k1\n100,50;NA\n1.900,50;NA\n';
    const { stdout, stderr } = await runCli(['predict', saved, '-'], csv);
    expect(stderr).toBe('');
    expect(lines(stdout).map((line) => line.split(',')[1])).toEqual([
      ...['prediction', 'dear', 'cheap', 'dear'],
    ]);
    const json = '{"price":"1.900,50","kind":"k1"}\n{"price":100.5}\n';
    const answers = await runCli(['predict', saved, '-', '--format', 'ndjson'], json);
    expect(records(answers.stdout).map(({ prediction }) => prediction)).toEqual(['dear', 'cheap']);
  });

  test('stops reading where nobody takes its output, and its memory stays small', async () => {
    const child = startCli(['predict', classes, '-']);
    const { stdin } = child;
    stdin!.on('error', () => {});
    stdin!.write('a,colour\n');
    const chunk = '1.25,red\n'.repeat(8_000);
    let taken = 0;
    let isOver = false;
    const pushing = (async () => {
      while (!isOver) {
        if (!stdin!.write(chunk))
          await Promise.race([once(stdin!, 'drain').catch(() => {}), once(child, 'close')]);
        taken += chunk.length;
      }
    })();
    // Until nothing more is read for two seconds: the pipes are full.
    let [before, since] = [-1, Date.now()];
    while (Date.now() - since < 2_000 && taken < 50e6) {
      if (taken !== before) [before, since] = [taken, Date.now()];
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(taken).toBeLessThan(5e6);
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    expect(Number(/VmHWM:\s+(\d+)/.exec(status)![1])).toBeLessThan(300_000);
    isOver = true;
    child.kill('SIGKILL');
    await pushing;
  });

  test('ends quietly where its reader has had enough', async () => {
    const child = startCli(['predict', classes, '-']);
    const end = endOf(child);
    child.stdin!.on('error', () => {});
    child.stdin!.write('a,colour\n1,red\n');
    await once(child.stdout!, 'data');
    child.stdout!.destroy();
    child.stdin!.end('1,red\n'.repeat(20_000));
    const { exitCode, stderr } = await end;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  test('answers each row of a pipe as it comes', async () => {
    const child = startCli(['predict', classes, '-', '--format', 'ndjson']);
    child.stdin!.write('{"a":2,"colour":"red"}\n');
    const [first] = await once(child.stdout!, 'data');
    expect(JSON.parse(String(first))).toMatchObject({ row: 1, prediction: 'high' });
    child.stdin!.write('{"a":-2,"colour":"red"}\n');
    const [second] = await once(child.stdout!, 'data');
    expect(JSON.parse(String(second))).toMatchObject({ row: 2, prediction: 'low' });
    child.stdin!.end();
    await once(child, 'close');
  });

  test.each([
    ['no/such', /^rivulet: the model no\/such cannot be read: .*does not exist/],
    [folder, /has no checkpoint: make one with rivulet learn FILE --save/],
    ['http://127.0.0.1:9', /nothing at http:\/\/127\.0\.0\.1:9\/ in 0\.5 s: /],
  ])('of the model %s says what is wrong, with exit code 2', async (model, message) => {
    const { exitCode, stderr, stdout } = await runCli(['predict', model, '-', '--wait', '0.5']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('refuses to write over its own input', async () => {
    const path = file('both.csv', 'a,colour\n1,red\n');
    const { exitCode, stderr } = await runCli(['predict', classes, path, '-o', path]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is the input');
    expect(readFileSync(path, 'utf8')).toBe('a,colour\n1,red\n');
  });

  test('ends with exit code 1 where no row can be predicted', async () => {
    const { exitCode, stdout } = await runCli(['predict', classes, '-'], 'a,colour\n"1,2\n');
    expect(exitCode).toBe(1);
    expect(lines(stdout)[1]).toBe('1,,,,line 2: a quote is not closed');
    expect(lines(stdout)).toHaveLength(2);
  });
});

test('predict of a server answers as the model that it serves', async () => {
  const source = file('served.csv', ['a,colour,level', ...classRows].join('\n'));
  const { child, url, end } = await startServing([source, '-t', 'level', '--no-worker']);
  try {
    const input = [...['a,colour,level', '2,red,low', '-2,blue,low', 'x,x,x,x', '3,red,high']].join(
      '\n',
    );
    const args = ['predict', url, '-', '-t', 'level', '--format', 'ndjson', '--explain'];
    let found: Written[] = [];
    do {
      // Until it has learned all of its file.
      found = records((await runCli(args, input)).stdout);
    } while (found[0]!.prediction !== 'high');
    expect(found).toMatchObject([
      { row: 1, prediction: 'high', probabilities: { high: expect.any(Number) } },
      { row: 2, prediction: 'low', contributions: { a: expect.any(Number) } },
      { row: 3, error: 'line 4: expected 3 fields, got 4' },
      { row: 4, prediction: 'high' },
    ]);
    const refused = [{ a: 2 }, { ['x'.repeat(300)]: 1 }, { a: -2 }];
    const text = refused.map((one) => JSON.stringify(one)).join('\n');
    const answers = await runCli(['predict', url, '-', '--format', 'ndjson'], text);
    expect(records(answers.stdout)).toMatchObject([
      { row: 1, prediction: 'high' },
      { row: 2, error: expect.stringMatching(/^line 2: .*the name of feature/) },
      { row: 3, prediction: 'low' },
    ]);
  } finally {
    child.kill('SIGTERM');
    await end;
  }
});

describe('learn --save', () => {
  test('keeps an existing model, except with --begin-anew', async () => {
    const saved = join(folder, 'again');
    const source = file('again.csv', ['a,colour,target', ...classRows].join('\n'));
    await runCli(['learn', source, '--save', saved]);
    const again = await runCli(['learn', source, '--save', saved]);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('has a model already');
    const anew = await runCli(['learn', source, '--save', saved, '--begin-anew', '-n', '100']);
    expect(anew.exitCode).toBe(0);
    expect(anew.stderr).toContain('the model that was there is in');
    const { stdout } = await runCli(['check', saved, '--json']);
    expect(JSON.parse(stdout).checkpoints).toMatchObject([
      { verdict: 'good', step: 100, isFinal: true },
    ]);
  });

  test('begins anew only with a folder', async () => {
    const { exitCode, stderr } = await runCli(['learn', 'digits', '--begin-anew']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--begin-anew needs --save and a folder');
  });
});
