import type { Activation } from '../../src/learn/activation.ts';
import { tanh } from '../../src/learn/activations/index.ts';
import { defineActivation } from '../../src/learn/define-activation.ts';
import { Network } from '../../src/learn/network.ts';
import { bestRate } from '../rate.ts';
import { uniformSamples, type Workload } from '../workloads.ts';
import { PlainLoops } from './plain-loops.ts';

const softsign = defineActivation('softsign', (z) => z.div(z.abs().add(1)));
const swish = defineActivation('swish', (z) => z.mul(z.sigmoid()));

/** The simd engine on 64-30-10 with another activation in both layers. */
const withActivation =
  (activation: Activation) =>
  ({ name, network: options }: Workload): number | null => {
    if (name !== 'W1') return null;
    const activations = [activation, activation];
    const network = new Network({ ...options, activations, engine: 'simd' });
    const samples = asFloats(uniformSamples(options.sizes));
    return bestRate((index) => {
      const { x, y } = samples[index & 255]!;
      network.learn(x, y);
    });
  };

/** Ways to do the same learning step. Each is measured in a process of its own. */
export const contenders: Readonly<Record<string, (workload: Workload) => number | null>> = {
  simd: ({ network: options }) => {
    const network = new Network({ ...options, engine: 'simd' });
    const samples = asFloats(uniformSamples(options.sizes));
    return bestRate((index) => {
      const { x, y } = samples[index & 255]!;
      network.learn(x, y);
    });
  },
  'simd, samples in float64': ({ network: options }) => {
    const network = new Network({ ...options, engine: 'simd' });
    const samples = uniformSamples(options.sizes);
    return bestRate((index) => {
      const { x, y } = samples[index & 255]!;
      network.learn(x, y);
    });
  },
  'simd, learnMany of 64': ({ network: options }) => {
    const network = new Network({ ...options, engine: 'simd' });
    const samples = asFloats(uniformSamples(options.sizes));
    const groups = [0, 64, 128, 192].map((first) => samples.slice(first, first + 64));
    return 64 * bestRate((index) => network.learnMany(groups[index & 3]!));
  },
  'simd, tanh': withActivation(tanh),
  'simd, softsign by formula': withActivation(softsign),
  'simd, swish by formula': withActivation(swish),
  reference: ({ network: options }) => {
    const network = new Network({ ...options, engine: 'reference' });
    const samples = uniformSamples(options.sizes);
    return bestRate((index) => {
      const { x, y } = samples[index & 255]!;
      network.learn(x, y);
    });
  },
  'plain loops': ({ network: { sizes }, hasLimit }) => {
    if (!hasLimit) return null;
    const loops = new PlainLoops(sizes);
    const samples = uniformSamples(sizes);
    return bestRate((index) => {
      const { x, y } = samples[index & 255]!;
      loops.learn(x, y, 0.25);
    });
  },
};

const asFloats = (samples: readonly { x: Float64Array; y: Float64Array }[]) =>
  samples.map(({ x, y }) => ({ x: Float32Array.from(x), y: Float32Array.from(y) }));
