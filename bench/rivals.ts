import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, Figure, Row } from './report.ts';
import { rivalTasks } from './rivals/tasks.ts';

interface Result {
  readonly rate: number;
  readonly accuracy: number;
  readonly passes: number;
}

const javascript = [
  'brain.js 2 beta',
  'synaptic',
  'neataptic',
  'convnetjs',
  'TensorFlow.js, cpu',
  'TensorFlow.js, wasm',
];
const python = [
  'numpy, by hand',
  'PyTorch, Sequential + SGD',
  'PyTorch, by hand',
  'scikit-learn, partial_fit',
];

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The same work on the same data by what people use instead. */
export const rivals: Bench = {
  name: 'rivals',
  about: 'learning steps a second of other libraries, and what they have learned',
  run() {
    installRivals();
    const folder = mkdtempSync(join(tmpdir(), 'rivulet-rivals-'));
    try {
      const results = measureAll(folder);
      return { rows: Object.entries(results).map(rowOf), figures: figuresOf(results), notes };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

type Results = Record<string, Record<string, Result | null>>;

const measureAll = (folder: string): Results => {
  const results: Results = {};
  for (const { name: task, ...rest } of rivalTasks()) {
    const file = join(folder, `${task}.json`);
    writeFileSync(file, JSON.stringify(rest));
    const keep = (name: string, command: string, args: readonly string[]): void => {
      results[name] ??= {};
      results[name][task] = resultOf(command, [...args, name, file]);
    };
    keep('rivulet', process.execPath, ['--import', 'tsx', here('./rivals/rivulet.ts')]);
    for (const name of javascript) keep(name, process.execPath, [here('./rivals/run.js')]);
    for (const name of python) keep(name, '/usr/bin/python3', [here('./rivals/run.py')]);
  }
  return results;
};

/** The last line that the program printed; null where it could not run. */
const resultOf = (command: string, args: readonly string[]): Result | null => {
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    const out = execFileSync(command, args, { encoding: 'utf8', stdio: [...stdio] });
    return JSON.parse(out.trim().split('\n').at(-1)!) as Result;
  } catch {
    return null;
  }
};

const installRivals = (): void => {
  if (existsSync(here('./rivals/node_modules'))) return;
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: here('./rivals'),
    stdio: 'ignore',
  });
};

const rowOf = ([name, tasks]: [string, Record<string, Result | null>]): Row => ({
  'updates/s, hold-out accuracy': name,
  ...Object.fromEntries(
    Object.entries(tasks).flatMap(([task, result]) => [
      [task, result?.rate],
      [`${task} %`, result && (100 * result.accuracy).toFixed(1)],
      [`${task} passes`, result?.passes.toFixed(1)],
    ]),
  ),
});

const figuresOf = (results: Results): Figure[] => {
  const rate = (name: string, task: string): number => results[name]?.[task]?.rate ?? Number.NaN;
  const fastest = (task: string): number =>
    Math.max(...javascript.map((name) => rate(name, task)).filter((value) => value > 0));
  const over = (name: string, task: string): number => rate('rivulet', task) / rate(name, task);
  return [
    {
      name: 'W1 ÷ the fastest JavaScript',
      value: rate('rivulet', 'W1') / fastest('W1'),
      atLeast: 15,
    },
    {
      name: 'W3 ÷ the fastest JavaScript',
      value: rate('rivulet', 'W3') / fastest('W3'),
      atLeast: 3,
    },
    {
      name: 'W1 ÷ PyTorch Sequential',
      value: over('PyTorch, Sequential + SGD', 'W1'),
      atLeast: 120,
    },
    {
      name: 'W2 ÷ PyTorch Sequential',
      value: over('PyTorch, Sequential + SGD', 'W2'),
      atLeast: 12,
    },
    { name: 'W2 ÷ PyTorch by hand', value: over('PyTorch, by hand', 'W2'), atLeast: 2.5 },
    { name: 'W2 ÷ numpy', value: over('numpy, by hand', 'W2'), atLeast: 3 },
  ].filter(({ value }) => Number.isFinite(value));
};

const notes = [
  'W1: the digits. W2: the digits at 28 × 28. W3: the eight row means of a digit, is it 5 or more.',
  'All: one hidden layer of sigmoids, half squared error, SGD 0.25, one sample at a time, at most 20 passes or 8 s.',
];
