import type { NetworkOptions } from '../src/learn/network-options.ts';
import { rmsprop, sgd } from '../src/learn/optimizers/index.ts';

/** A network and the data that it is measured with. */
export interface Workload {
  readonly name: string;
  readonly network: NetworkOptions & { readonly sizes: readonly [number, number, number] };
  /** Whether the C program can do the same. */
  readonly hasLimit: boolean;
}

const sigmoidNetwork = (name: string, sizes: readonly [number, number, number]): Workload => ({
  name,
  network: {
    sizes,
    activations: ['sigmoid', 'sigmoid'],
    loss: 'halfSquaredError',
    optimizer: sgd({ learningRate: 0.25 }),
  },
  hasLimit: true,
});

/** The networks that all of the bench is about. */
export const workloads: readonly Workload[] = [
  sigmoidNetwork('W1', [64, 30, 10]),
  sigmoidNetwork('W2', [784, 128, 10]),
  sigmoidNetwork('W3', [8, 16, 1]),
  {
    name: 'W4',
    network: {
      sizes: [10, 64, 2],
      activations: ['relu', 'softmax'],
      loss: 'crossEntropy',
      optimizer: rmsprop({ learningRate: 0.003 }),
    },
    hasLimit: false,
  },
];

/** The workload of a name. */
export const workloadOf = (name: string): Workload => {
  const found = workloads.find((workload) => workload.name === name);
  if (!found) throw new TypeError(`no workload is called ${name}`);
  return found;
};

/** Samples of uniform numbers, with a class in turn as the target. */
export const uniformSamples = (
  sizes: readonly number[],
  count = 256,
): { x: Float64Array; y: Float64Array }[] => {
  let state = 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const outputs = sizes.at(-1)!;
  return Array.from({ length: count }, (_, s) => ({
    x: Float64Array.from({ length: sizes[0]! }, uniform),
    y: Float64Array.from({ length: outputs }, (_, k) =>
      outputs === 1 ? uniform() : Number(k === s % outputs),
    ),
  }));
};
