import { Subject } from 'rxjs';
import { pool } from '../src/learn/pool/pool.ts';
import { Pipeline } from '../src/pipeline.ts';
import type { Example } from '../src/sources/example.ts';
import type { Bench, Figure, Row } from './report.ts';

const classCount = 100;
const plainCount = 1_000;
const floodCount = 3_000;
/** Runs of 1,000 plain samples, of which the quickest counts: others use the machine too. */
const runs = 12;

/** What new classes and ever new inputs cost the default learner behind a pipeline. */
export const growth: Bench = {
  name: 'growth',
  about: `${classCount} new classes, and ${plainCount} plain samples before and after a flood of new inputs`,
  run() {
    const classes = newClasses();
    const floods = Object.entries(kinds).map(([name, flood]) => ({
      flood: name,
      ...costOf(flood),
    }));
    const rows: Row[] = [
      ...floods,
      { flood: `${classCount} new classes, of 10 inputs`, ...classes },
    ];
    const figures: Figure[] = [
      { name: 'MB of 100 new classes, of 10 inputs', value: classes.MB, atMost: 10 },
      { name: 'ms of CPU of 100 new classes', value: classes.ms, atMost: 1_000 },
      {
        name: 'plain samples after a flood, against before: the worst',
        value: Math.max(...floods.map(({ 'after/before': ratio }) => ratio)),
        atMost: 1.5,
      },
    ];
    return { rows, figures };
  },
};

type Flood = (i: number) => Record<string, unknown>;

const kinds: Readonly<Record<string, Flood>> = {
  'no flood': () => ({}),
  'names of numbers': (i) => ({ [`f${i}`]: i }),
  'names of texts': (i) => ({ [`f${i}`]: `v${i}` }),
  'categories of one feature': (i) => ({ room: `r${i}` }),
  'long texts': (i) => ({ [`f${i}`]: `${i}`.padEnd(300) }),
  timestamps: (i) => ({ [`f${i}`]: '2026-11-30T12:00:00Z' }),
  'all at once': (i) => ({ [`f${i}`]: i, [`g${i}`]: `v${i}`, room: `r${i}` }),
};

/** A pipeline with the default learner, and a way to feed it. */
const started = (): { pipeline: Pipeline; feed: (example: Example) => void } => {
  const learner = pool({ task: 'classification', inputCount: 1, outputCount: 1 });
  const pipeline = new Pipeline({ task: 'classification', learner });
  const source = new Subject<Example>();
  pipeline.run(source).subscribe();
  return { pipeline, feed: (example) => source.next(example) };
};

const plain = (i: number) => ({
  features: { a: (i * 7) % 11, b: i % 7, c: (i * 13) % 17, room: `room ${i % 3}` },
  target: (i * 7) % 11 > i % 7 ? 'high' : 'low',
});

const cpuMs = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
};

const costOf = (flood: Flood) => {
  const { pipeline, feed } = started();
  let next = 0;
  const plainMs = (): number =>
    cpuMs(() => {
      for (let i = 0; i < plainCount; i += 1) feed(plain(next++));
    });
  const best = (): number => Math.min(...Array.from({ length: runs }, plainMs));
  best();
  const before = best();
  const during = cpuMs(() => {
    for (let i = 0; i < floodCount; i += 1) {
      const { features, target } = plain(next++);
      feed({ features: { ...features, ...flood(i) }, target });
    }
  });
  const after = best();
  return { before, during, after, 'after/before': after / before, inputs: pipeline.slots.length };
};

/** Memory outside the heap, and CPU. */
const newClasses = (): { MB: number; ms: number } => {
  const { feed } = started();
  const numbers = (i: number): [string, number][] =>
    Array.from({ length: 10 }, (_, j) => [`x${j}`, (i * (j + 3)) % 11]);
  const before = process.memoryUsage().external;
  const ms = cpuMs(() => {
    for (let i = 0; i < classCount; i += 1)
      feed({ features: Object.fromEntries(numbers(i)), target: `class ${i}` });
  });
  return { MB: (process.memoryUsage().external - before) / 1e6, ms };
};
