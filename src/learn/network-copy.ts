import type { Memory } from './memory.ts';

/** A network inside a learner, by name and size. */
export interface NetworkOutline {
  /** Unique in its learner, such as `network` or the name of an expert. */
  readonly name: string;
  /** Units per layer, inputs first and outputs last. */
  readonly sizes: readonly number[];
  /** Weights and biases, all together. */
  readonly parameters: number;
}

/** Mean and deviation by which a number is standardised. */
export interface Scale {
  /** In the unit of the stream. */
  readonly mean: number;
  /** In the unit of the stream: > 0. */
  readonly deviation: number;
}

/** A part of a network by name, with the numbers it was made with. */
export interface NamedPart {
  /** Such as `huber`. */
  readonly name: string;
  /** Such as `{ delta: 3 }`. */
  readonly options: Readonly<Record<string, number | boolean>>;
}

/** A {@link Network} as plain data: all that its predictions and its next update follow from. */
export interface LayeredCopy {
  /** Tells it from the other kinds. */
  readonly kind: 'layers';
  /** As in its {@link NetworkOutline}. */
  readonly name: string;
  /** One per layer but the first. */
  readonly activations: readonly string[];
  /** Its loss. */
  readonly loss: NamedPart;
  /** Its optimizer. */
  readonly optimizer: NamedPart;
  /** As in `NetworkOptions`. */
  readonly weightDecay: number;
  /** As in `NetworkOptions`. */
  readonly gradientClip: number;
  /** As in `NetworkOptions`. */
  readonly outputChangeCap: number;
  /** Whether it turns x into z-scores itself. */
  readonly isStandardised: boolean;
  /** What its schedule multiplies the learning rate of the next update by. */
  readonly rate: number;
  /** Whether every part is one of this library, so that its name says what it computes. */
  readonly isBuiltIn: boolean;
  /** What `save()` of the network returns. */
  readonly memory: Memory;
  /** How a regression scales its target; null: it takes y as it comes. */
  readonly target: Scale | null;
}

/** One number per weight of a net of a pool: row-major [to, from], the bias in the last column. */
export interface SkipMatrices {
  /** From the inputs to the first hidden layer. */
  readonly first: Float32Array;
  /** From the first hidden layer to the second. */
  readonly second: Float32Array;
  /** From the second hidden layer to the outputs. */
  readonly output: Float32Array;
  /** From the inputs straight to the outputs. */
  readonly direct: Float32Array;
}

/** A net of a pool as plain data: all that its predictions and its next update follow from. */
export interface SkipCopy {
  /** Tells it from the other kinds. */
  readonly kind: 'skip';
  /** The name of the expert. */
  readonly name: string;
  /** Inputs (of a sample, then recent targets), both hidden layers, outputs. */
  readonly sizes: readonly number[];
  /** Whether the outputs are probabilities of classes or one standardised number. */
  readonly answer: 'classes' | 'number';
  /** `rms`: steps by a running mean of squared gradients; `adagrad`: by their sum. */
  readonly rule: 'rms' | 'adagrad';
  /** The length of a step: > 0. */
  readonly learningRate: number;
  /** Older samples that it learns again after each new one, at least. */
  readonly replays: number;
  /** The weights. */
  readonly weights: SkipMatrices;
  /** The mean or the sum of squared gradients of each weight. */
  readonly squares: SkipMatrices;
  /** Updates of the weights from each input, first hidden and second hidden unit, the bias last. */
  readonly ages: Readonly<Record<'first' | 'second' | 'output', Float32Array>>;
  /** By which each input is turned into a z-score. A deviation of 0 means that the score is 0. */
  readonly means: Float64Array;
  /** One per input of a sample, as `means`. */
  readonly deviations: Float64Array;
  /** What the latest targets were: inputs after those of the sample. Empty where it does not see them. */
  readonly recent: Float64Array;
  /** How a regression scales its target; null in a classification. */
  readonly target: Scale | null;
}

/**
 * The units of each layer of a large {@link Network} that matter most to one sample, with the numbers
 * that the whole network computes of them.
 */
export interface PartCopy extends Pick<LayeredCopy, 'activations' | 'loss' | 'isBuiltIn'> {
  /** Tells it from the other kinds. */
  readonly kind: 'part';
  /** As in its {@link NetworkOutline}. */
  readonly name: string;
  /** Units per layer of the whole network. */
  readonly sizes: readonly number[];
  /** Which units of each layer these are, from 0. */
  readonly units: readonly (readonly number[])[];
  /** The weights between them, and their biases. */
  readonly layers: readonly { readonly weights: Float64Array; readonly biases: Float64Array }[];
  /** Their z, from the second layer on. */
  readonly z: readonly Float64Array[];
  /** Their h, from the first layer on. */
  readonly h: readonly Float64Array[];
  /** Their δ, from the second layer on. */
  readonly deltas: readonly Float64Array[];
  /** ∂J/∂h of the hidden units. */
  readonly costByH: readonly Float64Array[];
  /** The inputs in it as they came: NaN is missing. */
  readonly x: Float64Array;
  /** The targets of the outputs in it, as the network sees them. */
  readonly y: Float64Array;
  /** J of the sample, over all outputs. */
  readonly cost: number;
  /** Updates of the network so far. */
  readonly step: number;
  /** By which each input is turned into a z-score; null: the network takes x as it comes. */
  readonly means: Float64Array | null;
  /** As `means`. A deviation of 0: the score is 0. */
  readonly deviations: Float64Array | null;
  /** How a regression scales its target; null: it takes y as it comes. */
  readonly target: Scale | null;
}

/** A network as plain data. */
export type NetworkCopy = LayeredCopy | SkipCopy | PartCopy;
