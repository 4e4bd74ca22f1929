import { pool } from '../../src/learn/pool/pool.ts';
import { initialRandom, randomNormal } from '../../src/math/random.ts';
import { bestRate } from '../rate.ts';

const sampleCount = 4_096;
/** The pool is measured once it has filled its memories. */
const warmUp = 6_000;

const rateOf = (inputs: number, classes: number): number => {
  const { xs, ys } = samples(inputs, classes);
  const task = classes > 0 ? ('classification' as const) : ('regression' as const);
  const learner = pool({ task, inputCount: inputs, outputCount: Math.max(1, classes) });
  const step = (index: number): void => {
    const i = index % sampleCount;
    learner.learn(xs[i]!, ys[i]!);
    learner.lastPrediction();
  };
  for (let i = 0; i < warmUp; i += 1) step(i);
  return bestRate(step, { windows: 100, windowMs: 20 });
};

/** A noisy non-linear task of the first inputs. */
const samples = (inputs: number, classes: number): { xs: Float64Array[]; ys: Float64Array[] } => {
  const random = initialRandom(7);
  const xs = Array.from({ length: sampleCount }, () =>
    Float64Array.from({ length: inputs }, () => randomNormal(random)),
  );
  const ys = xs.map((x) => {
    const value = x[0]! * x[1]! + x[2]! + randomNormal(random) / 2;
    if (classes === 0) return Float64Array.of(value);
    const label = Math.min(classes - 1, Math.max(0, Math.floor(value + classes / 2)));
    return Float64Array.from({ length: classes }, (_, k) => (k === label ? 1 : 0));
  });
  return { xs, ys };
};

const [, , inputs, classes] = process.argv;
console.log(JSON.stringify(rateOf(Number(inputs), Number(classes))));
