import { Network } from '../src/learn/network.ts';
import { rmsprop } from '../src/learn/optimizers/index.ts';
import { hiddenCount } from '../src/learn/pool/kernel/net-plan.ts';
import { SkipNet } from '../src/learn/pool/kernel/skip-net.ts';
import { initialRandom, randomNormal } from '../src/math/random.ts';
import type { Bench, Row } from './report.ts';

const sampleCount = 20_000;
/** Runs in turns, of which the quickest counts: others use the machine too. */
const runs = 7;
const rate = 0.003;

interface Shape {
  readonly inputs: number;
  /** Inputs of a sample that are not 0. */
  readonly active: number;
  readonly classes: number;
}

const shapes: readonly Shape[] = [
  { inputs: 9, active: 9, classes: 2 },
  { inputs: 64, active: 64, classes: 10 },
  { inputs: 64, active: 12, classes: 10 },
  { inputs: 200, active: 12, classes: 10 },
];

/** Why the pool has a compiler of networks of its own. */
export const nets: Bench = {
  name: 'nets',
  about: `a net of the pool against a Network with the same layers, ${hiddenCount} and ${hiddenCount} hidden units`,
  run() {
    const rows = shapes.map(rowOf);
    return {
      rows,
      notes: [
        'µs of CPU to predict and learn one sample; ms to take in 200 inputs, one by one, with a prediction after each.',
        'The net of the pool also has direct weights and normalises its second layer, which the Network does not.',
      ],
    };
  },
};

const rowOf = (shape: Shape): Row => {
  const { inputs, active, classes } = shape;
  const samples = samplesOf(shape);
  const [net, network] = [netOf(shape), networkOf(shape)];
  const out = new Float64Array(classes);
  const truths = Array.from({ length: classes }, (_, k) =>
    Float64Array.from({ length: classes }, (_, i) => (i === k ? 1 : 0)),
  );
  const [own, general] = quickest(
    (i) => {
      net.setInputs(samples[i % samples.length]!);
      net.predict(out);
      net.learn(i % classes, 1);
    },
    (i) => network.learn(samples[i % samples.length]!, truths[i % classes]!),
  );
  return {
    shape: `${inputs} inputs, ${active} not 0; ${classes} classes`,
    'net of the pool, µs': own,
    'Network, µs': general,
    ratio: general / own,
    'net grows, ms': growing(shape, 'net'),
    'Network grows, ms': growing(shape, 'network'),
  };
};

const netOf = ({ inputs, classes }: Shape): SkipNet =>
  new SkipNet({
    inputCount: inputs,
    outputCount: classes,
    answer: 'classes',
    rule: 'rms',
    rate,
    seed: 1,
  });

const networkOf = ({ inputs, classes }: Shape): Network =>
  new Network({
    sizes: [inputs, hiddenCount, hiddenCount, classes],
    activations: ['relu', 'relu', 'softmax'],
    loss: 'crossEntropy',
    optimizer: rmsprop({ learningRate: rate }),
    seed: 1,
  });

const samplesOf = ({ inputs, active }: Shape): Float64Array[] => {
  const random = initialRandom(1);
  return Array.from({ length: 256 }, () => {
    const x = new Float64Array(inputs);
    for (let i = 0; i < active; i += 1) x[Math.floor((i * inputs) / active)] = randomNormal(random);
    return x;
  });
};

/** The least CPU time of one call of each, in µs, measured in turns. */
const quickest = (
  ...calls: [(i: number) => void, (i: number) => void]
): readonly [number, number] => {
  const best: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let run = 0; run <= runs; run += 1) {
    for (const [c, call] of calls.entries()) {
      const before = process.cpuUsage();
      for (let i = 0; i < sampleCount; i += 1) call(i);
      const { user, system } = process.cpuUsage(before);
      // The first run warms up.
      if (run > 0) best[c] = Math.min(best[c]!, (user + system) / sampleCount);
    }
  }
  return best;
};

const growing = (shape: Shape, kind: 'net' | 'network'): number => {
  const { inputs, classes } = shape;
  const [net, network] = [netOf(shape), networkOf(shape)];
  const x = new Float64Array(inputs + 200);
  const out = new Float64Array(classes);
  const before = process.cpuUsage();
  for (let count = inputs + 1; count <= inputs + 200; count += 1) {
    if (kind === 'network') {
      network.grow(count, classes);
      network.predict(x.subarray(0, count));
    } else {
      net.grow(count, classes, 0);
      net.setInputs(x.subarray(0, count));
      net.predict(out);
    }
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
