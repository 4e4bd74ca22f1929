import type { Memory } from '../learn/learner.ts';
import type { NetworkCopy, NetworkOutline } from '../learn/network-copy.ts';
import { assembleMemory, dismantle } from './memory-text.ts';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from './safetensors.ts';

/** One of the newest samples that a model learned, as its learner took it. */
export interface FrozenSample {
  /** Samples learned when it was, this one included. */
  readonly step: number;
  /** One number per input; NaN is missing. */
  readonly x: Float64Array;
  /** One number per output, in the unit of the stream. */
  readonly y: Float64Array;
}

/** A model at one moment, as far as a reader needs it to compute what one network in it computes. */
export interface FrozenModel {
  /** Samples learned. */
  readonly step: number;
  /** Whether it predicts classes or a number. */
  readonly task: 'classification' | 'regression';
  /** Every network of the learner that can be copied. */
  readonly networks: readonly NetworkOutline[];
  /**
   * The requested one. If it has more parameters than allowed: a part of it for the newest sample where
   * one was requested, else null.
   */
  readonly network: NetworkCopy | null;
  /** The names of the inputs of a sample, in order. */
  readonly inputs: readonly string[];
  /** The names of the outputs; null in a regression. */
  readonly classes: readonly string[] | null;
  /** The newest samples that fit the network, newest last. */
  readonly samples: readonly FrozenSample[];
}

/** What of a model is frozen. */
export interface FreezeOptions {
  /** The name of a network of the learner. Default: the first. */
  readonly network?: string;
  /** A network with more parameters is not copied. Default: no limit. */
  readonly parametersMax?: number;
  /** Of a larger network, this many units per layer are copied: ≥ 1. Default: none. */
  readonly unitsMax?: number;
}

/** The format that {@link encodeFrozen} writes. */
const format = 'rivulet.frozen.1';

/** A frozen model as one safetensors file. `about` is written beside it, such as its epoch. */
export const encodeFrozen = (
  frozen: FrozenModel,
  about: Readonly<Record<string, string>> = {},
): Uint8Array => {
  const { text, tensors } = dismantle(frozen as unknown as Memory);
  return encodeSafetensors(tensors, { ...about, format, frozen: text });
};

/** Reads what {@link encodeFrozen} wrote. Throws a {@link SafetensorsError} where it is another file. */
export const decodeFrozen = (
  file: Uint8Array,
): { readonly frozen: FrozenModel; readonly about: Readonly<Record<string, string>> } => {
  const { tensors, metadata } = decodeSafetensors(file);
  const { format: found, frozen: text, ...about } = metadata;
  if (found !== format || text === undefined) {
    throw new SafetensorsError(`its format is ${found ?? 'unknown'}; this version reads ${format}`);
  }
  return { frozen: assembleMemory({ text, tensors }) as unknown as FrozenModel, about };
};
