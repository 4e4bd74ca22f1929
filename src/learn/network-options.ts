import type { Activation } from './activation.ts';
import * as activationFamily from './activations/index.ts';
import type { Initializer } from './initializer.ts';
import * as initializerFamily from './initializers/index.ts';
import type { NetworkSpec } from './kernel/engine.ts';
import { parameterCount, parameterCountMax } from './layout.ts';
import type { Loss } from './loss.ts';
import * as lossFamily from './losses/index.ts';
import { checkOption, type Optimizer } from './optimizer.ts';
import * as optimizerFamily from './optimizers/index.ts';

/** The built-in activations by name. */
export type ActivationName = keyof typeof activationFamily;
/** The built-in losses by name. */
export type LossName = keyof typeof lossFamily;
/** The built-in initializers by name. */
export type InitializerName = keyof typeof initializerFamily;
/** The built-in optimizers by name, with their defaults. */
export type OptimizerName = keyof typeof optimizerFamily;
/** The ways to run a network. */
export type EngineName = 'reference' | 'simd';

/** Options of a network. Parts are given by name or as the part itself. */
export interface NetworkOptions {
  /** Units a layer, inputs first and outputs last: at least two positive integers. */
  readonly sizes: readonly number[];
  /** One a layer but the first. Default: sigmoid everywhere. */
  readonly activations?: readonly (ActivationName | Activation)[];
  /** Default `halfSquaredError`. */
  readonly loss?: LossName | Loss;
  /** Default `sgd`. */
  readonly optimizer?: OptimizerName | Optimizer;
  /** One for all layers, or one a layer. Default: he before a rectifier, glorot elsewhere. */
  readonly initializer?: InitializerName | Initializer | readonly (InitializerName | Initializer)[];
  /** Of the first weights. Any finite number. Default 1. */
  readonly seed?: number;
  /** λ of the penalty ½λ‖W‖², biases excepted: 0 … 1. Default 0. */
  readonly weightDecay?: number;
  /** The largest Euclidean norm of the gradient of one sample: ≥ 0. Default 0, no limit. */
  readonly gradientClip?: number;
  /**
   * How far one sample may move the output, in multiples of Σ|δ| of the output layer: ≥ 0.
   * Default 0, no cap. A net at ten times the best learning rate then still learns.
   */
  readonly outputChangeCap?: number;
  /**
   * Turn x into z-scores, by the mean and variance of each input as they were before the sample,
   * clipped at 5. A NaN in x is then a missing value, and counts as the mean. Default false.
   */
  readonly standardise?: boolean;
  /** The factor on the learning rate, ≥ 0, for the update after `step` others. Default: always 1. */
  readonly schedule?: (step: number) => number;
  /** Default: simd where every part has a kernel, reference elsewhere. */
  readonly engine?: EngineName;
}

/** The parts of a network, resolved and checked. Throws TypeError or RangeError on misuse. */
export const resolveSpec = (options: NetworkOptions): NetworkSpec => {
  const { sizes, activations, loss = 'halfSquaredError', optimizer = 'sgd', schedule } = options;
  const { weightDecay = 0, gradientClip = 0, outputChangeCap = 0, standardise = false } = options;
  checkSizes(sizes);
  const layerCount = sizes.length - 1;
  const names = activations ?? new Array<ActivationName>(layerCount).fill('sigmoid');
  checkLayerCount('activations', names.length, layerCount);
  checkOption('weightDecay', weightDecay, [0, 1]);
  checkOption('gradientClip', gradientClip, [0, Number.MAX_VALUE]);
  checkOption('outputChangeCap', outputChangeCap, [0, Number.MAX_VALUE]);
  return {
    sizes: [...sizes],
    activations: names.map((name) => member(activationFamily, name, 'activation')),
    loss: member(lossFamily, loss, 'loss'),
    optimizer: typeof optimizer === 'string' ? optimizerByName(optimizer) : optimizer,
    weightDecay,
    gradientClip,
    outputChangeCap,
    isStandardised: standardise,
    ...(schedule && { schedule }),
  };
};

/** The initializer of each layer, as the options or the activations have it. */
export const resolveInitializers = (
  given: NetworkOptions['initializer'],
  activations: readonly Activation[],
): Initializer[] => {
  if (given === undefined) {
    return activations.map(({ name }) =>
      /relu|softplus/i.test(name) ? initializerFamily.he : initializerFamily.glorot,
    );
  }
  const names = isList(given) ? given : activations.map(() => given);
  checkLayerCount('initializer', names.length, activations.length);
  return names.map((name) => member(initializerFamily, name, 'initializer'));
};

/** Throws where a size is no positive integer, or all together are too many parameters. */
export const checkSizes = (sizes: readonly number[]): void => {
  if (!Array.isArray(sizes) || sizes.length < 2) {
    throw new TypeError('sizes must list at least two layers, such as [64, 30, 10]');
  }
  for (const size of sizes) {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`each of sizes must be a positive integer, not ${size}`);
    }
  }
  const count = parameterCount(sizes);
  if (count > parameterCountMax) {
    throw new RangeError(`sizes ask for ${count} parameters; at most ${parameterCountMax} fit`);
  }
};

const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);

const checkLayerCount = (option: string, count: number, layerCount: number): void => {
  if (count === layerCount) return;
  throw new RangeError(`${option} must have ${layerCount} entries, one a layer, not ${count}`);
};

const member = <Part extends object>(
  family: Readonly<Record<string, Part>>,
  part: string | Part,
  kind: string,
): Part => {
  if (typeof part === 'object' && part !== null) return part;
  if (Object.hasOwn(family, part)) return family[part]!;
  throw unknownPart(part, kind, family);
};

const optimizerByName = (name: OptimizerName): Optimizer => {
  if (Object.hasOwn(optimizerFamily, name)) return optimizerFamily[name]();
  throw unknownPart(name, 'optimizer', optimizerFamily);
};

const unknownPart = (part: unknown, kind: string, family: object): TypeError =>
  new TypeError(`no ${kind} is called ${String(part)}; there is ${Object.keys(family).join(', ')}`);
