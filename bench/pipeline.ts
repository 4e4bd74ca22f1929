import { ways } from './pipeline/ways.ts';
import { median } from './quantile.ts';
import type { Bench } from './report.ts';
import { buildWorker } from './worker.ts';

/** Each in turn, so that a slow minute of the machine hits all of them. */
const rounds = 15;

/** The whole stream against the same stages in a loop, and against the learning step alone. */
export const pipeline: Bench = {
  name: 'pipeline',
  about:
    'W1: samples a second through standardise, learn, evaluate (with the total cost), snapshot',
  run() {
    using worker = buildWorker(new URL('./pipeline/worker.ts', import.meta.url));
    const rates: Record<string, number[]> = {};
    for (let round = 0; round < rounds; round++) {
      for (const way of Object.keys(ways)) {
        rates[way] = [...(rates[way] ?? []), worker.run(way) as number];
      }
    }
    // Of rounds: the best of each way is luck, of which one may have more than another.
    const over = (way: string): number =>
      median(rates['rxjs pipeline']!.map((rate, round) => rate / rates[way]![round]!));
    return {
      rows: Object.entries(rates).map(([way, all]) => ({
        way,
        'samples/s': median(all),
        'ns each': 1e9 / median(all),
      })),
      figures: [
        { name: 'pipeline ÷ loop', value: over('the same stages in a loop'), atLeast: 0.85 },
        { name: 'pipeline ÷ bare kernel', value: over('bare kernel'), atLeast: 0.5 },
      ],
    };
  },
};
