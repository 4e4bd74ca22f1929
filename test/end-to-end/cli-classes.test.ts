import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { initialRandom, randomNormal } from '../../src/math/random.ts';
import type { ClassFigures } from '../../src/node/cli/reports/class-figures.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'rivulet-classes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** One in ten is fraud, and only likelier to be one where a is large. */
const random = initialRandom(7);
const payments = Array.from({ length: 800 }, (_, i) => {
  const target = i % 10 === 0 ? 'fraud' : 'fine';
  return `${randomNormal(random) + (target === 'fraud' ? 1.5 : 0)},p${i},${target}`;
});
const source = file('payments.csv', ['a,id,target', ...payments].join('\n'));

/** Standard error without what is said of columns and the target. */
const warnings = (stderr: string): string =>
  stderr.replaceAll(/^rivulet: (columns|target|left out): .*\n/gm, '');

const evaluate = async (...args: string[]) => {
  const { stdout, stderr, exitCode } = await runCli(['evaluate', source, '--id', 'id', ...args]);
  return { stdout, exitCode, stderr: warnings(stderr) };
};

const figuresOf = async (...args: string[]): Promise<ClassFigures> => {
  const { stdout } = await evaluate('--learner', 'network', '--json', ...args);
  return JSON.parse(stdout).classes.find(({ name }: ClassFigures) => name === 'fraud');
};

describe('figures of classes', () => {
  test('agree with the confusion matrix and with the predictions that are written', async () => {
    const out = join(folder, 'out.ndjson');
    const { stdout, stderr } = await evaluate('--json', '--predictions', out);
    expect(stderr).toBe('');
    const { classes, confusion, accuracy } = JSON.parse(stdout);
    expect(confusion.classes).toEqual(['fraud', 'fine']);
    const rows = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(800);
    expect(rows[0]).toEqual({
      row: 1,
      id: 'p0',
      target: 'fraud',
      prediction: null,
      probabilities: {},
    });
    const number = (target: string, prediction: string): number =>
      rows.filter((row) => row.target === target && row.prediction === prediction).length;
    expect(confusion.counts).toEqual([
      [number('fraud', 'fraud'), number('fraud', 'fine')],
      [number('fine', 'fraud'), number('fine', 'fine')],
    ]);
    const [[hits, misses], [alarms, quiet]] = confusion.counts;
    expect((hits + quiet) / 800).toBeCloseTo(accuracy, 12);
    expect(classes[0]).toEqual({
      ...{ name: 'fraud', samples: 80, predicted: hits + alarms },
      // Nothing was predicted for the first row: it counts as missed.
      recall: hits / 80,
      precision: hits / (hits + alarms),
      f1: (2 * hits) / (80 + hits + alarms),
    });
    expect(hits + misses).toBe(79);
  });

  test('are shown to people by evaluate and learn', async () => {
    for (const command of ['evaluate', 'learn']) {
      const { stdout } = await runCli([command, source, '--id', 'id']);
      expect(stdout).toMatch(/classes\n +samples +predicted +recall +precision +F1\n +fine +720 /);
      expect(stdout).toMatch(
        /true \\ predicted +fraud +fine\n +fraud +\d+ +\d+\n +fine +\d+ +\d+\n/,
      );
    }
  });

  test('are not there in a regression', async () => {
    const { stdout } = await evaluate('--target', 'a', '--json');
    expect(JSON.parse(stdout)).not.toHaveProperty('classes');
  });
});

describe('rare classes', () => {
  test('have a higher recall with a weight, and with a threshold', async () => {
    const plain = await figuresOf();
    const weighted = await figuresOf('--class-weights', 'fraud=8');
    const eager = await figuresOf('--threshold', 'fraud=0.15');
    expect(weighted.recall).toBeGreaterThan(plain.recall! + 0.1);
    expect(eager.recall).toBeGreaterThan(plain.recall! + 0.1);
    expect(eager.samples).toBe(80);
  });

  test('weigh as much as others in a balanced pool', async () => {
    const recall = async (...args: string[]): Promise<number> => {
      const { classes } = JSON.parse((await evaluate('--json', ...args)).stdout);
      return classes[0].recall;
    };
    expect(await recall('--class-weights', 'balanced')).toBeGreaterThan((await recall()) + 0.05);
  });

  test('are predicted by the threshold of the model that was saved', async () => {
    const saved = join(folder, 'model');
    const options = ['--class-weights', 'balanced', '--threshold', 'fine=0.999999'];
    await runCli(['learn', source, '--id', 'id', ...options, '--save', saved]);
    const { stdout } = await runCli(['predict', saved, '-', '--format', 'ndjson'], 'a\n-2\n');
    const { prediction, probabilities } = JSON.parse(stdout);
    expect(prediction).toBe('fraud');
    expect(probabilities.fine).toBeGreaterThan(0.5);
  });

  test('that never appear are named', async () => {
    const { stderr } = await evaluate('--threshold', 'fruad=0.2');
    expect(stderr).toBe(
      'rivulet: no class "fruad" has appeared, which an option names; the classes are fraud, fine\n',
    );
  });

  test.each([
    [['--class-weights', 'fraud'], 'Expected CLASS=NUMBER, such as fraud=10,fine=1, or balanced'],
    [['--class-weights', 'fraud=-1'], 'A weight is a number from 0 to 1,000,000'],
    [['--threshold', 'fraud=1'], 'A threshold is a probability above 0 and below 1'],
    [['--threshold', '0.5'], 'Expected CLASS=NUMBER, such as fraud=0.2'],
    [['--threshold', 'x=0.5', '-t', 'a'], '--threshold is for classes, and the target is a number'],
    [['--class-weights', 'balanced', '-l', 'seed'], '--class-weights balanced needs the pool'],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stderr, stdout } = await evaluate(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('evaluate --predictions', () => {
  test('has a row for each row: learned, without a target, or rejected', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => {
      if (i % 11 === 5) return `${i},,`;
      return i % 7 === 3 ? 'x,x,x,x' : `${i % 5},r${i},${2 * (i % 5)}`;
    });
    const path = file('mixed.csv', ['a,id,y', ...rows].join('\n'));
    const out = join(folder, 'mixed-out.csv');
    const { stderr } = await runCli([
      'evaluate',
      path,
      '-t',
      'y',
      '--task',
      'regression',
      '--predictions',
      out,
    ]);
    expect(warnings(stderr)).toBe('');
    const [header, ...lines] = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(header).toBe('row,target,prediction,error');
    expect(lines).toHaveLength(300);
    for (const [i, line] of lines.entries()) {
      const [row, target, prediction, error] = line.split(',');
      expect(row).toBe(String(i + 1));
      if (i % 11 === 5) expect([target, error]).toEqual(['', '']);
      else if (i % 7 === 3) expect(line).toMatch(new RegExp(`^${i + 1},,,"?line ${i + 2}: `));
      else expect(Number(target)).toBe(2 * (i % 5));
      if (i % 7 !== 3 || i % 11 === 5) expect(Number.isFinite(Number(prediction))).toBe(true);
    }
  });

  test.each([
    [[source, source], join(folder, 'a.csv'), '--predictions takes one source'],
    [[source], source, 'is the source: choose another file'],
    [[source], join(folder, 'none/a.csv'), 'predictions cannot be written to'],
  ])('of %j to %s is refused', async (sources, out, message) => {
    const before = readFileSync(source, 'utf8');
    const { exitCode, stderr } = await runCli(['evaluate', ...sources, '--predictions', out]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(readFileSync(source, 'utf8')).toBe(before);
  });
});
