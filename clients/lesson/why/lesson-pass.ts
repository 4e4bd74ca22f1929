import {
  type ActivationName,
  adagrad,
  adam,
  adamw,
  huberLoss,
  type Layer,
  type LossName,
  type Memory,
  momentum,
  Network,
  type NetworkOptions,
  nesterov,
  type Optimizer,
  rmsprop,
  sgd,
} from 'rivulet';
import type { Scale } from 'rivulet/frozen';

/** A network as the lesson explains it: built-in parts by name, so that each can be explained. */
export interface LessonModel {
  readonly sizes: readonly number[];
  /** One per layer but the first. */
  readonly activations: readonly ActivationName[];
  readonly loss: LossName;
  /** δ of the Huber loss. Default 1. */
  readonly lossDelta?: number;
  readonly optimizer: {
    readonly name: string;
    readonly options: Readonly<Record<string, number | boolean>>;
  };
  readonly weightDecay?: number;
  readonly gradientClip?: number;
  readonly outputChangeCap?: number;
  /** Whether the network turns x into z-scores itself. */
  readonly isStandardised?: boolean;
  /** The factor on the learning rate in the next update. Default 1. */
  readonly rate?: number;
  /** By which y is standardised. Default: it is taken as it comes. */
  readonly target?: Scale | null;
}

/** What a network remembers, as `save()` of a {@link Network} returns it. */
export type NetworkMemory = Memory;

/** A sample of the lesson. NaN in x is a missing value. */
export interface LessonSample {
  readonly x: readonly number[];
  /** In the unit of the stream. */
  readonly y: readonly number[];
}

/** Means and deviations of the inputs. A deviation of 0: the input was constant so far. */
export interface InputScale {
  readonly means: ArrayLike<number>;
  readonly deviations: ArrayLike<number>;
}

/** What normalises a layer: its z are shifted and scaled to mean 0 and deviation 1. */
export interface Normalised {
  /** Counted from 1. */
  readonly layer: number;
  readonly mean: number;
  readonly deviation: number;
  readonly values: Float64Array;
  /** ∂J over each normalised value. */
  readonly deltas: Float64Array;
}

/** Weights before and after an update, and their gradients. */
export interface LayerChange {
  readonly before: Layer;
  readonly gradient: Layer;
  readonly after: Layer;
}

/** Everything that happens to one sample: forward, cost, backward, update. */
export interface LessonPass {
  readonly model: LessonModel;
  readonly sample: LessonSample;
  /** y as the network sees it. */
  readonly y: readonly number[];
  /** Updates before this sample. */
  readonly step: number;
  readonly before: readonly Layer[];
  /** z^(2) … and h^(1) …, first layer first. */
  readonly z: readonly Float64Array[];
  readonly h: readonly Float64Array[];
  readonly cost: number;
  readonly deltas: readonly Float64Array[];
  readonly gradients: readonly Layer[];
  readonly after: readonly Layer[];
  /** The optimizer's memory before and after the update. */
  readonly optimizerBefore: Memory;
  readonly optimizerAfter: Memory;
  /** How inputs become z-scores; inputs beyond it are given as they are. */
  readonly scale?: InputScale;
  readonly normalised?: Normalised;
  /** Weights from the inputs straight to the outputs. */
  readonly direct?: LayerChange;
  /** How much each update counts in the mean of squares, by layer of weights and unit it leads from. */
  readonly shares?: readonly Float64Array[];
  /** Where the output may only move so far: the fraction of the step that is taken, and why. */
  readonly cap?: {
    readonly fraction: number;
    readonly outputDelta: number;
    readonly change: number;
  };
  /** Where the gradient has a largest norm: the factor on it. */
  readonly clipFactor?: number;
  /** Where these are some units of a large network: its sizes, and ∂J/∂h of their hidden units. */
  readonly part?: { readonly sizes: readonly number[]; readonly costByH: readonly Float64Array[] };
  /** J with one weight moved, by each engine that can compute it. */
  readonly costWith: (engine: EngineName, at: MovedWeight) => number | undefined;
}

/** An engine that the lesson measures with. */
export type EngineName = 'reference' | 'simd';

/** A weight, and by how much it is moved. */
export interface MovedWeight {
  readonly layer: number;
  readonly to: number;
  readonly from: number;
  readonly move: number;
}

const optimizers = { adagrad, adam, adamw, momentum, nesterov, rmsprop, sgd } as const;

/** An optimizer by its name and options. Throws a TypeError where there is none of that name. */
const optimizerOf = ({ name, options }: LessonModel['optimizer']): Optimizer => {
  const make = optimizers[name as keyof typeof optimizers] as (options: object) => Optimizer;
  if (!make) throw new TypeError(`the lesson knows no optimizer called ${name}`);
  return make(options);
};

/** A network of the model on one of the engines, with this memory or fresh. */
export const networkOf = (
  model: LessonModel,
  engine: EngineName,
  { memory, seed = 1 }: { memory?: NetworkMemory | undefined; seed?: number } = {},
): Network => {
  const { lossDelta, loss, isStandardised, rate = 1, optimizer, target: _, ...rest } = model;
  const network = new Network({
    ...rest,
    loss: loss === 'huber' ? huberLoss({ delta: lossDelta ?? 1 }) : loss,
    optimizer: optimizerOf(optimizer),
    ...(isStandardised && { standardise: true }),
    ...(rate !== 1 && { schedule: () => rate }),
    seed,
    engine,
  } satisfies NetworkOptions);
  if (memory) network.load(memory);
  return network;
};

/** A standardised target is at most so far from the mean. */
const targetClip = 8;

/** y as a network sees it. */
export const seenTarget = ({ target }: LessonModel, y: readonly number[]): readonly number[] => {
  if (!target) return y;
  const { mean, deviation } = target;
  return y.map((value) => Math.min(targetClip, Math.max(-targetClip, (value - mean) / deviation)));
};

/**
 * Runs one sample through a copy of the network, on the reference engine, which keeps every number. The
 * network that is served or trained does not change. Throws a SampleError if the sample does not fit.
 */
export const lessonPass = (
  model: LessonModel,
  memory: NetworkMemory,
  sample: LessonSample,
): LessonPass => {
  using network = networkOf(model, 'reference', { memory });
  const y = seenTarget(model, sample.y);
  const before = network.parameters();
  const forward = network.forward(sample.x);
  const backward = network.backprop(forward, y);
  const optimizerBefore = memory['optimizer'] as Memory;
  network.descend(forward, backward);
  const { outputChangeCap = 0, gradientClip = 0, isStandardised } = model;
  const pass: LessonPass = {
    model,
    sample,
    y,
    step: optimizerBefore['step'] as number,
    before,
    z: forward.z,
    h: forward.h,
    cost: backward.cost,
    deltas: backward.deltas,
    gradients: backward.gradients,
    after: network.parameters(),
    optimizerBefore,
    optimizerAfter: network.save()['optimizer'] as Memory,
    ...(isStandardised && { scale: scaleIn(memory) }),
    costWith: (engine, at) => costWith({ model, memory, sample, y }, engine, at),
  };
  const clipFactor = gradientClip > 0 ? clipFactorOf(pass) : 1;
  const clipped = { ...pass, ...(gradientClip > 0 && { clipFactor }) };
  return outputChangeCap > 0 ? { ...clipped, cap: capOf(clipped, memory) } : clipped;
};

const deviationMin = 1e-9;

const scaleIn = (memory: NetworkMemory): InputScale => {
  const { means, variances } = memory['scaler'] as Record<'means' | 'variances', Float64Array>;
  const deviations = variances.map(Math.sqrt).map((value) => (value < deviationMin ? 0 : value));
  return { means, deviations };
};

/** Every gradient as the optimizer gets it: with the penalty on the weights, and clipped. */
export const usedGradient = (
  { model: { weightDecay = 0 }, clipFactor = 1 }: Pick<LessonPass, 'model' | 'clipFactor'>,
  { gradient, weight, isBias }: { gradient: number; weight: number; isBias: boolean },
): number => clipFactor * (gradient + (isBias ? 0 : weightDecay * weight));

/** All gradients and weights of a pass, layer by layer. */
function* parametersOf({ before, gradients }: LessonPass) {
  for (const [l, { weights, biases }] of before.entries()) {
    const gradient = gradients[l]!;
    for (const [i, weight] of weights.entries()) {
      yield { weight, gradient: gradient.weights[i]!, isBias: false, layer: l, index: i };
    }
    for (const [i, weight] of biases.entries()) {
      yield { weight, gradient: gradient.biases[i]!, isBias: true, layer: l, index: i };
    }
  }
}

const clipFactorOf = (pass: LessonPass): number => {
  let squares = 0;
  for (const parameter of parametersOf(pass)) squares += usedGradient(pass, parameter) ** 2;
  return Math.min(1, pass.model.gradientClip! / Math.sqrt(squares));
};

/** The step without the cap, and the fraction of it that the cap allows. */
const capOf = (pass: LessonPass, memory: NetworkMemory): LessonPass['cap'] & object => {
  const { model, sample, y, deltas } = pass;
  using network = networkOf({ ...model, outputChangeCap: 0 }, 'reference', { memory });
  const forward = network.forward(sample.x);
  network.descend(forward, network.backprop(forward, y));
  const full = network.parameters();
  let change = 0;
  for (const parameter of parametersOf(pass)) {
    const { layer, index, isBias, weight } = parameter;
    const after = (isBias ? full[layer]!.biases : full[layer]!.weights)[index]!;
    change += usedGradient(pass, parameter) * (weight - after);
  }
  const outputDelta = deltas.at(-1)!.reduce((sum, delta) => sum + Math.abs(delta), 0);
  const most = model.outputChangeCap! * outputDelta;
  return { fraction: change <= most ? 1 : most / change, outputDelta, change };
};

const costWith = (
  {
    model,
    memory,
    sample,
    y,
  }: Pick<LessonPass, 'model' | 'sample' | 'y'> & {
    memory: NetworkMemory;
  },
  engine: EngineName,
  { layer, to, from, move }: MovedWeight,
): number => {
  using network = networkOf(model, engine, { memory });
  const layers = network.parameters();
  layers[layer - 1]!.weights[to * model.sizes[layer - 1]! + from]! += move;
  network.setParameters(layers);
  return network.costOf(network.predict(sample.x), y);
};
