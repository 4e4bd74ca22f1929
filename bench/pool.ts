import type { Bench, Figure, Row } from './report.ts';
import { buildWorker } from './worker.ts';

interface Shape {
  readonly inputs: number;
  readonly classes: number;
}

const shapes: readonly Shape[] = [
  { inputs: 10, classes: 2 },
  { inputs: 10, classes: 0 },
  { inputs: 20, classes: 5 },
  { inputs: 64, classes: 10 },
];

/** How fast the default learner is. */
export const poolRate: Bench = {
  name: 'pool',
  about: 'samples that the pool predicts and learns from each second, in memory, on one core',
  run() {
    using worker = buildWorker(new URL('./pool/worker.ts', import.meta.url));
    const rates = shapes.map(
      ({ inputs, classes }) => worker.run(`${inputs}`, `${classes}`) as number,
    );
    const rows: Row[] = shapes.map(({ inputs, classes }, i) => ({
      inputs: `${inputs}`,
      target: classes > 0 ? `${classes} classes` : 'a number',
      'samples/s': rates[i]!,
      'µs a sample': 1e6 / rates[i]!,
    }));
    const figures: Figure[] = [
      { name: 'samples/s of 10 inputs and 2 classes', value: rates[0]!, atLeast: 50_000 },
    ];
    return { rows, figures };
  },
};
