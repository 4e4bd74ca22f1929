import { workerData } from 'node:worker_threads';
import { median } from '../quantile.ts';

/** How often the gauge is read, how many laps that is, and how long a lap is: less than a tenth of the time. */
const everyMs = 4;
const laps = 3;
const rounds = 10_000;

let sum = 0;

const lapMs = (): number => {
  const start = performance.now();
  for (let i = 0; i < rounds; i += 1) sum = sum * 0.999 + (i % 7);
  return performance.now() - start;
};

/**
 * The thread that trains, with a gauge in it: how long the same loop takes, again and again. The sum
 * of the times, and how many there were. The median of some laps is that of a processor that the
 * thread has to itself: where it lost the processor in between, the training has to show it.
 */
const [totalMs, count] = [0, 1];
const gauge = new Float64Array((workerData as { gauge: SharedArrayBuffer }).gauge);
setInterval(() => {
  gauge[totalMs]! += median(Array.from({ length: laps }, lapMs));
  gauge[count]! += 1;
}, everyMs);

await import('../../src/node/training/worker/training-worker.ts');
