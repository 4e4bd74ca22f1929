import * as activations from '../../src/learn/activations/index.ts';
import { hedge } from '../../src/learn/hedge.ts';
import * as initializers from '../../src/learn/initializers/index.ts';
import type { Learner } from '../../src/learn/learner.ts';
import * as losses from '../../src/learn/losses/index.ts';
import { ClassMixer } from '../../src/learn/mixing/class-mixer.ts';
import type { Mixer } from '../../src/learn/mixing/mixer.ts';
import { NumberMixer } from '../../src/learn/mixing/number-mixer.ts';
import { Network } from '../../src/learn/network.ts';
import type {
  ActivationName,
  InitializerName,
  LossName,
  NetworkOptions,
  OptimizerName,
} from '../../src/learn/network-options.ts';
import * as optimizers from '../../src/learn/optimizers/index.ts';
import { Pool, pool } from '../../src/learn/pool/pool.ts';
import { singleNetwork } from '../../src/learn/single-network.ts';
import { initialRandom, randomInteger, randomUniform } from '../../src/math/random.ts';
import { BitHash, hashOf } from './bit-hash.ts';
import type { Parts } from './parts.ts';

const classCount = 3;

interface Training {
  readonly isOfClasses: boolean;
  readonly samples: number;
  /** Half of the samples come after the learner has grown by an input and, of classes, a class. */
  readonly grows?: boolean;
}

/** Teaches a learner, and hashes what it answered, what it cost and all that it remembers. */
const taught = (learner: Learner, { isOfClasses, samples, grows }: Training): string => {
  const random = initialRandom(11);
  const hash = new BitHash();
  for (let i = 0; i < samples; i += 1) {
    if (grows && i === samples >> 1) {
      learner.grow!(learner.inputCount + 1, learner.outputCount + (isOfClasses ? 1 : 0));
    }
    const x = Float64Array.from(
      { length: learner.inputCount },
      () => 4 * randomUniform(random) - 2,
    );
    const place = randomInteger(random, classCount);
    x[0]! += place;
    const y = new Float64Array(learner.outputCount);
    if (isOfClasses) y[place] = 1;
    else y[0] = place + x[1]! * x[0]!;
    hash.add(learner.predict(x));
    hash.add(learner.learn(x, y, i % 5 === 0 ? 0.5 + randomUniform(random) : 1));
  }
  if (learner instanceof Pool && !isOfClasses)
    hash.add(learner.interval(new Float64Array(learner.inputCount)));
  if (learner.explain) hash.add(learner.explain(new Float64Array(learner.inputCount).fill(0.3)));
  return hash.add(learner.save()).text;
};

const networkHash =
  (options: NetworkOptions, training: Training) =>
  (engine: 'simd' | 'reference'): string =>
    taught(new Network({ ...options, engine }), training);

const named = (label: string, hash: (engine: 'simd' | 'reference') => string): Parts => ({
  [`${label}, simd`]: () => hash('simd'),
  [`${label}, reference`]: () => hash('reference'),
});

const merged = (parts: readonly Parts[]): Parts => Object.assign({}, ...parts);

const numbers = { isOfClasses: false, samples: 1500 };
const classes = { isOfClasses: true, samples: 1500 };

const networkParts = merged([
  ...Object.keys(optimizers).map((name) => {
    const optimizer = name as OptimizerName;
    const options: NetworkOptions = {
      sizes: [4, 7, 1],
      activations: ['tanh', 'identity'],
      optimizer,
    };
    return named(`network by ${name}`, networkHash(options, numbers));
  }),
  ...(['adam', 'rmsprop'] as const).map((optimizer) => {
    const options: NetworkOptions = { sizes: [4, 7, classCount], optimizer };
    return named(
      `growing network by ${optimizer}`,
      networkHash(options, { ...classes, grows: true }),
    );
  }),
  ...Object.keys(activations).map((name) => {
    const hidden = [name as ActivationName, name as ActivationName];
    const options: NetworkOptions = { sizes: [4, 6, classCount], activations: hidden };
    return named(`network of ${name}`, networkHash(options, classes));
  }),
  ...Object.keys(losses).map((name) => {
    const output = name === 'crossEntropy' ? 'softmax' : 'sigmoid';
    const options: NetworkOptions = {
      sizes: [4, 6, classCount],
      activations: ['sigmoid', output],
      loss: name as LossName,
    };
    return named(`network with ${name}`, networkHash(options, classes));
  }),
  named(
    'network with losses that are not fused',
    networkHash(
      { sizes: [4, 6, classCount], activations: ['tanh', 'softmax'], loss: 'binaryCrossEntropy' },
      classes,
    ),
  ),
  ...Object.keys(initializers).map((name) => {
    const options: NetworkOptions = { sizes: [40, 60, 5], initializer: name as InitializerName };
    return named(
      `network that begins with ${name}`,
      networkHash(options, { ...numbers, samples: 1 }),
    );
  }),
  named(
    'network that standardises, with every limit',
    networkHash(
      {
        sizes: [4, 6, 1],
        activations: ['relu', 'identity'],
        standardise: true,
        weightDecay: 0.01,
        gradientClip: 1,
        outputChangeCap: 0.5,
      },
      numbers,
    ),
  ),
]);

const mixed = (mixer: Mixer, outputCount: number): string => {
  const random = initialRandom(12);
  const [out, hash] = [new Float64Array(outputCount), new BitHash()];
  for (let i = 0; i < 2000; i += 1) {
    const predictions = new Float64Array(3 * outputCount).map(() => randomUniform(random));
    if (outputCount > 1) {
      for (let e = 0; e < 3; e += 1) {
        const part = predictions.subarray(e * outputCount, (e + 1) * outputCount);
        const sum = part.reduce((all, value) => all + value, 0);
        for (let k = 0; k < outputCount; k += 1) part[k]! /= sum;
      }
    }
    mixer.mix(predictions, out);
    const truth = outputCount > 1 ? randomInteger(random, outputCount) : 2 * randomUniform(random);
    mixer.update(predictions, truth, i % 3 === 0 ? 0.3 + randomUniform(random) : 1);
    hash.add(out);
  }
  return hash.add(mixer.save()).text;
};

const two = (isOfClasses: boolean): Learner[] => [
  singleNetwork({
    task: isOfClasses ? 'classification' : 'regression',
    inputCount: 4,
    outputCount: isOfClasses ? classCount : 1,
  }),
  new Network({ sizes: [4, isOfClasses ? classCount : 1], activations: ['identity'] }),
];

/** Learners, and what mixes them. */
export const learnerParts: Parts = {
  ...networkParts,
  'pool, classification': () => {
    const learner = pool({ task: 'classification', inputCount: 4, outputCount: classCount });
    return taught(learner, { ...classes, grows: true });
  },
  'pool, balanced classification': () => {
    const options = { inputCount: 4, outputCount: classCount, classWeights: 'balanced' } as const;
    return taught(pool({ task: 'classification', ...options }), classes);
  },
  'pool, regression': () => {
    const learner = pool({ task: 'regression', inputCount: 4, outputCount: 1 });
    return taught(learner, { ...numbers, grows: true });
  },
  'hedge, classification': () => taught(hedge(two(true)), classes),
  'hedge, regression': () => taught(hedge(two(false)), numbers),
  'mixing of classes': () => mixed(new ClassMixer(3), classCount),
  'mixing of numbers': () => mixed(new NumberMixer(3), 1),
  'hashing itself': () => hashOf([0, -0, Number.NaN, 'text', { a: new Float32Array([1, 2]) }]),
};
