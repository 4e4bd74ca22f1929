import { Network } from '../../../src/learn/network.ts';
import type { NetworkOptions } from '../../../src/learn/network-options.ts';
import { initialRandom, randomUniform } from '../../../src/math/random.ts';

const networks: readonly NetworkOptions[] = [
  { sizes: [8, 16, 1], optimizer: 'sgd' },
  {
    sizes: [9, 7, 5, 3],
    activations: ['tanh', 'softplus', 'softmax'],
    loss: 'crossEntropy',
    optimizer: 'adam',
  },
  {
    sizes: [6, 10, 2],
    activations: ['leakyRelu', 'sigmoid'],
    loss: 'binaryCrossEntropy',
    optimizer: 'rmsprop',
    standardise: true,
  },
];

const updates = 100_000;

/** Trains several networks on the simd engine, and hashes the bits of all their weights. */
export const weightsHash = (): string => {
  const random = initialRandom(1);
  let hash = 0x811c9dc5;
  for (const options of networks) {
    const network = new Network({ ...options, engine: 'simd' });
    const x = new Float64Array(network.inputCount);
    const y = new Float64Array(network.outputCount);
    for (let step = 0; step < updates / networks.length; step++) {
      for (let i = 0; i < x.length; i++) x[i] = 4 * randomUniform(random) - 2;
      y.fill(0)[step % y.length] = 1;
      network.learn(x, y);
    }
    for (const { weights, biases } of network.parameters()) {
      for (const byte of new Uint8Array(Float64Array.of(...weights, ...biases).buffer)) {
        hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
      }
    }
    network[Symbol.dispose]();
  }
  return hash.toString(16);
};
