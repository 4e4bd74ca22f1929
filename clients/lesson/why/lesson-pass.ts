import {
  type ActivationName,
  type Layer,
  type LossName,
  type Memory,
  Network,
  type NetworkOptions,
  type Optimizer,
} from 'rivulet';

/** A network as the lesson explains it: built-in parts by name, so that each can be explained. */
export interface LessonModel {
  readonly sizes: readonly number[];
  /** One per layer but the first. */
  readonly activations: readonly ActivationName[];
  readonly loss: LossName;
  readonly optimizer: Optimizer;
}

/** What a network remembers, as `save()` of a {@link Network} returns it. */
export type NetworkMemory = Memory;

/** A sample of the lesson. */
export interface LessonSample {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Everything that happens to one sample: forward, cost, backward, update. */
export interface LessonPass {
  readonly model: LessonModel;
  readonly memory: NetworkMemory;
  readonly sample: LessonSample;
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
}

/** A network of the model on one of the engines, with this memory or fresh. */
export const networkOf = (
  model: LessonModel,
  engine: 'reference' | 'simd',
  memory?: NetworkMemory,
): Network => {
  const network = new Network({ ...model, engine } satisfies NetworkOptions);
  if (memory) network.load(memory);
  return network;
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
  using network = networkOf(model, 'reference', memory);
  const before = network.parameters();
  const forward = network.forward(sample.x);
  const backward = network.backprop(forward, sample.y);
  const optimizerBefore = memory['optimizer'] as Memory;
  network.descend(forward, backward);
  const optimizerAfter = network.save()['optimizer'] as Memory;
  return {
    model,
    memory,
    sample,
    step: optimizerBefore['step'] as number,
    before,
    z: forward.z,
    h: forward.h,
    cost: backward.cost,
    deltas: backward.deltas,
    gradients: backward.gradients,
    after: network.parameters(),
    optimizerBefore,
    optimizerAfter,
  };
};
