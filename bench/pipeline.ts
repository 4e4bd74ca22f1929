import { ways } from './pipeline/ways.ts';
import type { Bench } from './report.ts';
import { buildWorker } from './worker.ts';

/** Each in turn, so that a slow minute of the machine hits all of them. */
const rounds = 10;

/** The whole stream against the same stages in a loop, and against the learning step alone. */
export const pipeline: Bench = {
  name: 'pipeline',
  about:
    'W1: samples a second through standardise, learn, evaluate (with the total cost), snapshot',
  run() {
    using worker = buildWorker(new URL('./pipeline/worker.ts', import.meta.url));
    const rates: Record<string, number> = {};
    for (let round = 0; round < rounds; round++) {
      for (const way of Object.keys(ways)) {
        rates[way] = Math.max(rates[way] ?? 0, worker.run(way) as number);
      }
    }
    const over = (way: string): number => rates['rxjs pipeline']! / rates[way]!;
    return {
      rows: Object.entries(rates).map(([way, rate]) => ({
        way,
        'samples/s': rate,
        'ns each': 1e9 / rate,
      })),
      figures: [
        { name: 'pipeline ÷ loop', value: over('the same stages in a loop'), atLeast: 0.85 },
        { name: 'pipeline ÷ bare kernel', value: over('bare kernel'), atLeast: 0.5 },
      ],
    };
  },
};
