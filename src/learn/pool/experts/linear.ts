import { GrowingMatrix } from '../../../math/growing-matrix.ts';
import { copyShort } from '../../../math/short-vectors.ts';
import { sumOfSquares, TensorMeter, type TensorReport } from '../../inspection.ts';
import type { Memory } from '../../learner.ts';
import { LeastSquares } from '../../least-squares/least-squares.ts';
import { float64s, listIn, memoryIn } from '../../memory-fields.ts';
import { softmaxInPlace } from '../../mixing/softmax.ts';
import { type Expert, type SeenSample, type Target, toDeltas } from '../expert.ts';
import { recentCount, type SeenInputs } from '../inputs.ts';
import { outputsOf, type Sizes, sizesIn } from '../sizes.ts';

/** Curvature of the log loss where the prediction is all but certain. */
const curvatureMin = 0.02;

/**
 * A linear model by Newton's method, one sample at a time: it needs no learning rate and is close to
 * the best linear model after few samples. Classes share one curvature, the mean of their own.
 */
export class LinearExpert implements Expert {
  readonly name = 'linear';
  #sizes: Sizes;
  #features: Float64Array;
  #table: GrowingMatrix<Float64Array>;
  /** The rows of the table: the weights of each output. */
  #weights: Float64Array[];
  #outputs: Float64Array;
  readonly #solver: LeastSquares;

  constructor(sizes: Sizes) {
    this.#sizes = sizes;
    this.#features = new Float64Array(featureCount(sizes));
    this.#solver = new LeastSquares(this.#features.length);
    this.#table = freshTable(sizes);
    this.#weights = this.#table.rows();
    this.#outputs = new Float64Array(outputsOf(sizes));
  }

  predict(inputs: SeenInputs, out: Float64Array): void {
    const features = this.#features;
    features[0] = 1;
    const { steady, recent } = inputs;
    for (let i = 0; i < steady.length; i += 1) features[i + 1] = steady[i]!;
    const recentAt = 1 + this.#sizes.inputCount;
    for (let i = 0; i < recent.length; i += 1) features[recentAt + i] = recent[i]!;
    for (let k = 0; k < this.#outputs.length; k += 1) {
      this.#outputs[k] = product(this.#weights[k]!, features);
    }
    if (this.#sizes.classCount > 0) softmaxInPlace(this.#outputs);
    copyShort(this.#outputs, out);
  }

  learn(inputs: SeenInputs, target: Target, out: Float64Array): void {
    this.predict(inputs, out);
    const { weight } = target;
    if (weight === 0) return;
    const outputs = this.#outputs;
    const isClassification = this.#sizes.classCount > 0;
    const curvature = isClassification ? curvatureOf(outputs) : 1;
    const { gain, direction } = this.#solver.take(this.#features, curvature * weight);
    toDeltas(outputs, target, this.#sizes);
    for (let k = 0; k < outputs.length; k += 1) {
      const weights = this.#weights[k]!;
      const step = (gain * outputs[k]!) / curvature;
      for (let i = 0; i < weights.length; i += 1) weights[i]! -= step * direction[i]!;
    }
  }

  reset(): void {
    this.#solver.reset();
    this.#table = freshTable(this.#sizes);
    this.#weights = this.#table.rows();
  }

  grow(sizes: Sizes): void {
    const recents = recentCount(this.#sizes.classCount);
    const size = featureCount(sizes);
    const oldCount = this.#weights.length;
    // New inputs come before the recent targets.
    const first = this.#features.length - recents;
    const at = 1 + sizes.inputCount;
    this.#sizes = sizes;
    this.#table.grow(outputsOf(sizes), size);
    this.#weights = this.#table.rows();
    for (const weights of this.#weights.slice(0, oldCount)) {
      weights.copyWithin(at, first, first + recents);
      weights.fill(0, first, at);
    }
    this.#solver.grow(size, placesAfterGrowth(first, recents, at));
    this.#features = new Float64Array(size);
    this.#outputs = new Float64Array(outputsOf(sizes));
  }

  forget(inputs: readonly number[]): void {
    for (const input of inputs) {
      for (const weights of this.#weights) weights[1 + input] = 0;
      this.#solver.forget(1 + input);
    }
  }

  save(): Memory {
    return {
      sizes: { ...this.#sizes },
      weights: this.#weights.map((weights) => weights.slice()),
      solver: this.#solver.save(),
    };
  }

  load(memory: Memory): void {
    this.#sizes = sizesIn(memory);
    this.#table = freshTable(this.#sizes);
    this.#weights = this.#table.rows();
    const length = this.#weights.length;
    const saved = listIn(memory, 'weights', { of: float64s, length });
    for (const [k, weights] of this.#weights.entries()) weights.set(saved[k]!);
    this.#solver.load(memoryIn(memory, 'solver'));
    this.#features = new Float64Array(featureCount(this.#sizes));
    this.#outputs = new Float64Array(outputsOf(this.#sizes));
  }

  /** Exact: weight times input. */
  explain({ steady }: SeenInputs): Float64Array {
    const { inputCount } = this.#sizes;
    const shares = new Float64Array(this.#weights.length * inputCount);
    for (const [k, weights] of this.#weights.entries()) {
      for (let i = 0; i < inputCount; i += 1)
        shares[k * inputCount + i] = weights[i + 1]! * steady[i]!;
    }
    return shares;
  }

  tensors() {
    const size = this.#features.length;
    const values = new Float64Array(this.#weights.length * size);
    for (const [k, weights] of this.#weights.entries()) values.set(weights, k * size);
    return [{ name: 'W', shape: [this.#weights.length, size], values }];
  }

  inspect(samples: readonly SeenSample[]): TensorReport[] {
    const meter = new TensorMeter('W');
    const deltas = new Float64Array(this.#outputs.length);
    for (const { inputs, target } of samples) {
      this.predict(inputs, deltas);
      toDeltas(deltas, target, this.#sizes);
      meter.add(sumOfSquares(deltas) * sumOfSquares(this.#features));
    }
    return [meter.report()];
  }
}

const featureCount = ({ inputCount, classCount }: Sizes): number =>
  1 + inputCount + recentCount(classCount);

const freshTable = (sizes: Sizes): GrowingMatrix<Float64Array> =>
  new GrowingMatrix(Float64Array, outputsOf(sizes), featureCount(sizes));

const placesAfterGrowth = (first: number, last: number, lastAt: number): number[] =>
  Array.from({ length: first + last }, (_, i) => (i < first ? i : i - first + lastAt));

/** With two classes p(1 − p), with more half of what is not certain. */
const curvatureOf = (probabilities: Float64Array): number => {
  let uncertain = 0;
  for (let k = 0; k < probabilities.length; k += 1) {
    uncertain += probabilities[k]! * (1 - probabilities[k]!);
  }
  return Math.max(uncertain / 2, curvatureMin);
};

const product = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
};
