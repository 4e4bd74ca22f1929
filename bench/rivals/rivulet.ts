import { readFileSync } from 'node:fs';
import { Network } from '../../src/learn/network.ts';
import { sgd } from '../../src/learn/optimizers/index.ts';
import type { RivalTask } from './tasks.ts';

const { sizes, train, test, passes } = JSON.parse(
  readFileSync(process.argv.at(-1)!, 'utf8'),
) as RivalTask;
const typed = (samples: RivalTask['train']) =>
  samples.map(({ x, y }) => ({ x: Float32Array.from(x), y: Float32Array.from(y) }));
const [others, heldOut] = [typed(train), typed(test)];

/** The same number of passes as the others; a fast one is done before it could be measured. */
const learnAll = (network: Network): number => {
  let best = 0;
  for (let pass = 0; pass < passes; pass++) {
    const start = performance.now();
    for (const { x, y } of others) network.learn(x, y);
    best = Math.max(best, others.length / (performance.now() - start));
  }
  return 1000 * best;
};

const classOf = (h: ArrayLike<number>): number => {
  if (h.length === 1) return Number(h[0]! > 0.5);
  let best = 0;
  for (let k = 1; k < h.length; k++) if (h[k]! > h[best]!) best = k;
  return best;
};

let rate = 0;
let network = new Network({ sizes, optimizer: sgd({ learningRate: 0.25 }) });
for (let repeat = 0; repeat < 10; repeat++) {
  network = new Network({ sizes, optimizer: sgd({ learningRate: 0.25 }) });
  rate = Math.max(rate, learnAll(network));
}
const right = heldOut.filter(({ x, y }) => classOf(network.predict(x)) === classOf(y)).length;
console.log(JSON.stringify({ rate, accuracy: right / heldOut.length, passes }));
