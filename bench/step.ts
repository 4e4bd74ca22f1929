import type { Bench, Figure, Row } from './report.ts';
import { contenders } from './step/contenders.ts';
import { limitRate, limits } from './step/limit.ts';
import { buildWorker, type Worker } from './worker.ts';
import { workloads } from './workloads.ts';

type Rates = Record<string, number | null>;

/** In turn, so that a slow minute of the machine hits all of them. */
const rounds = 4;

/** Learning steps per second on one core. */
export const step: Bench = {
  name: 'step',
  about: 'learning steps a second, one sample at a time, against loops and against C',
  run() {
    using worker = buildWorker(new URL('./step/worker.ts', import.meta.url));
    const rates: Record<string, Rates> = {};
    for (const name of [...Object.keys(contenders), ...Object.keys(limits)]) rates[name] = {};
    for (let round = 0; round < rounds; round++) measureAll(rates, worker);
    const rows: Row[] = Object.entries(rates).map(([name, rate]) => ({
      'updates/s': name,
      ...rate,
    }));
    return { rows, figures: figuresOf(rates), notes };
  },
};

const measureAll = (rates: Record<string, Rates>, worker: Worker): void => {
  const keep = (name: string, workload: string, rate: number | null): void => {
    const best = Math.max(rate ?? 0, rates[name]![workload] ?? 0);
    rates[name]![workload] = best > 0 ? best : null;
  };
  for (const { name: workload, network, hasLimit } of workloads) {
    for (const name of Object.keys(contenders)) {
      keep(name, workload, worker.run(workload, name) as number | null);
    }
    for (const [name, flags] of Object.entries(limits)) {
      keep(name, workload, hasLimit ? limitRate(network.sizes, flags) : null);
    }
  }
};

const figuresOf = (rates: Record<string, Rates>): Figure[] => {
  const ratio = (name: string, limit: string, workload: string): number =>
    (rates[name]![workload] ?? Number.NaN) / (rates[limit]![workload] ?? Number.NaN);
  const bounds = { W1: 0.7, W2: 0.9, W3: 0.45 };
  return [
    ...Object.entries(bounds).map(([workload, atLeast]) => ({
      name: `${workload}: simd ÷ C at 128 bits`,
      value: ratio('simd', 'C, 128 bits', workload),
      atLeast,
    })),
    {
      name: 'W3: learnMany of 64 ÷ C at 128 bits',
      value: ratio('simd, learnMany of 64', 'C, 128 bits', 'W3'),
      atLeast: 0.6,
    },
    ...['softsign', 'swish'].map((activation) => ({
      name: `W1: ${activation} by formula ÷ tanh`,
      value: ratio(`simd, ${activation} by formula`, 'simd, tanh', 'W1'),
      atLeast: 0.8,
    })),
    { name: 'W4: simd ÷ reference', value: ratio('simd', 'reference', 'W4'), atLeast: 8 },
  ].filter(({ value }) => !Number.isNaN(value));
};

const notes = [
  'W1 64-30-10, W2 784-128-10, W3 8-16-1: sigmoid, half squared error, SGD 0.25.',
  'W4 10-64-2: relu, softmax, cross entropy, RMSprop. Each number is the best of many windows of 4 ms.',
];
