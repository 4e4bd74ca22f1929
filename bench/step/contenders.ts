import { Network } from '../../src/learn/network.ts';
import { bestRate } from '../rate.ts';
import { uniformSamples, type Workload } from '../workloads.ts';
import { PlainLoops } from './plain-loops.ts';

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
