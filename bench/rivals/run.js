import { readFileSync } from 'node:fs';
import { makers } from './makers.js';

const [, , name, file] = process.argv;
const { sizes, train, test, budgetMs, passes } = JSON.parse(readFileSync(file, 'utf8'));
// A library gets the arrays that it likes best.
const likes = { synaptic: Array, neataptic: Array, convnetjs: Float64Array };
const arrayOf = likes[name] ?? Float32Array;
const typed = (samples) => samples.map(({ x, y }) => ({ x: arrayOf.from(x), y: arrayOf.from(y) }));
const [others, heldOut] = [typed(train), typed(test)];
const net = await makers[name](sizes);

const windowMs = 20;
let best = 0;
let done = 0;
const begin = performance.now();
while (done < passes * others.length && performance.now() - begin < budgetMs) {
  const start = performance.now();
  const first = done;
  while (performance.now() - start < windowMs) {
    const { x, y } = others[done % others.length];
    net.learn(x, y);
    done++;
  }
  best = Math.max(best, (done - first) / (performance.now() - start));
}
const classOf = (h) =>
  h.length === 1 ? Number(h[0] > 0.5) : h.reduce((at, v, k) => (v > h[at] ? k : at), 0);
const right = heldOut.filter(({ x, y }) => classOf([...net.predict(x)]) === classOf(y)).length;
const report = {
  rate: 1000 * best,
  accuracy: right / heldOut.length,
  passes: done / others.length,
};
console.log(JSON.stringify(report));
