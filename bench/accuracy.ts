import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import { encoder } from '../src/encode/encoder.ts';
import { inferTask, TASK_ROWS, type Task } from '../src/encode/task.ts';
import { classOf, predictedClassOf } from '../src/evaluate/metric.ts';
import type { Update } from '../src/learn/learner.ts';
import { learning } from '../src/learn/learning.ts';
import { type Pool, pool } from '../src/learn/pool/pool.ts';
import { csv } from '../src/node/sources/files/csv.ts';
import type { Example } from '../src/sources/example.ts';
import type { Sample } from '../src/sources/sample.ts';
import type { Bench, Figure, Report, Row } from './report.ts';

const seeds = [1, 2, 3];

/** What is promised of streams that are commonly measured, by the name of their file. */
const promises: Readonly<Record<string, Pick<Figure, 'atLeast' | 'atMost'>>> = {
  elec2: { atLeast: 94.1 },
  bananas: { atLeast: 88.9 },
  sea_stream: { atLeast: 88.8 },
  image_segments: { atLeast: 93.9 },
  digits: { atLeast: 95.8 },
  bike_sharing_hourly: { atMost: 62 },
  fried: { atMost: 0.95 },
};

/** How right the pool is on every stream of a folder, from its first row on. */
export const accuracy: Bench = {
  name: 'accuracy',
  about: 'accuracy in %, or the mean absolute error, of each CSV file in FOLDER; three seeds',
  async run([folder = 'test/golden'] = []): Promise<Report> {
    const rows: Row[] = [];
    const figures: Figure[] = [];
    const files = readdirSync(folder).filter((file) => /\.csv(\.gz)?$/.test(file));
    for (const file of files) {
      const name = basename(file).replace(/\.csv(\.gz)?$/, '');
      const examples = await lastValueFrom(csv(join(folder, file)).pipe(toArray()));
      const task = inferTask(examples.slice(0, TASK_ROWS));
      const runs = seeds.map((seed) => onePass(examples, task, seed));
      const mean = runs.reduce((sum, { score }) => sum + score, 0) / runs.length;
      const { noChange, secondsASample, trusted } = runs[0]!;
      rows.push({
        stream: name,
        measure: task === 'classification' ? 'accuracy %' : 'MAE',
        mean: fixed(mean),
        'each seed': runs.map(({ score }) => fixed(score)).join(' '),
        'no change': fixed(noChange),
        'samples/s': Math.round(1 / secondsASample),
        trusts: trusted,
      });
      const promise = promises[name];
      if (promise) figures.push({ name, value: mean, ...promise });
    }
    return { rows, figures, notes: ['One pass: each row is predicted, then learned from.'] };
  },
};

interface Run {
  /** Accuracy in %, or the mean absolute error. */
  readonly score: number;
  /** The same of "as last time". */
  readonly noChange: number;
  /** Of the processor, encoding included. */
  readonly secondsASample: number;
  /** The experts with the largest shares at the end. */
  readonly trusted: string;
}

const onePass = (examples: readonly Example[], task: Task, seed: number): Run => {
  const encoding = encoder({ task });
  const memory = encoding.initial();
  // In a memory of its own: when the first row's turn comes, nothing is known of it.
  const first = encoding.update(encoding.initial(), examples[0]!);
  const { learner, step } = learnerFor(first, task, seed);
  const own = tally(task);
  const noChange = tally(task);
  let last: ArrayLike<number> | undefined;
  const started = process.cpuUsage().user;
  for (const example of examples) {
    const update = step(encoding.update(memory, example));
    own.add(update.prediction, update.sample.y!);
    if (last) noChange.add(last, update.sample.y!);
    last = update.sample.y!;
  }
  const secondsASample = (process.cpuUsage().user - started) / 1e6 / examples.length;
  return {
    score: own.score(),
    noChange: noChange.score(),
    secondsASample,
    trusted: trusts(learner),
  };
};

const learnerFor = (
  { x, y }: Sample,
  task: Task,
  seed: number,
): { learner: Pool; step: (sample: Sample) => Update } => {
  const learner = pool({ task, inputCount: x.length, outputCount: y!.length, seed });
  const part = learning(learner, { growing: true });
  const memory = part.initial();
  return { learner, step: (sample) => part.update(memory, sample) };
};

interface Tally {
  add(prediction: ArrayLike<number>, y: ArrayLike<number>): void;
  score(): number;
}

const tally = (task: Task): Tally => {
  let [count, sum] = [0, 0];
  return {
    add(prediction, y) {
      count += 1;
      if (task === 'regression') sum += Math.abs(prediction[0]! - y[0]!);
      else if (predictedClassOf(prediction, y.length) === classOf(y)) sum += 100;
    },
    score: () => sum / count,
  };
};

const trusts = (learner: Pool): string =>
  learner
    .experts()
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 3)
    .map(({ name, weight }) => `${name} ${weight.toFixed(2)}`)
    .join(', ');

const fixed = (value: number): string => value.toFixed(value < 10 ? 3 : 2);
