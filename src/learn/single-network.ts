import { checkInputs } from './input-scaler.ts';
import type { TensorReport } from './inspection.ts';
import type { LabelledSample } from './labelled-sample.ts';
import type { Learner, Memory, Tensor } from './learner.ts';
import { huberLoss } from './losses/huber.ts';
import { memoryIn } from './memory-fields.ts';
import { Network } from './network.ts';
import type { LayeredCopy, NetworkOutline, PartCopy } from './network-copy.ts';
import { rmsprop } from './optimizers/rmsprop.ts';
import { sgd } from './optimizers/sgd.ts';
import { TargetScaler } from './target-scaler.ts';
import {
  checkTarget,
  checkTask,
  checkWeight,
  type LearnerTask,
  type TaskOptions,
} from './targets.ts';

/**
 * One network that does well on most streams, and whose weights can be looked at: 64 rectifiers, an
 * output layer that starts at zero, RMSprop at 0.01 with a cap of 2 on how far a sample may move
 * the output. It scales its inputs and, in regression, its target itself.
 */
export const singleNetwork = (options: TaskOptions): Learner => {
  checkTask(options);
  const { task, inputCount, outputCount, seed = 1 } = options;
  const isClassification = task === 'classification';
  const network = new Network({
    sizes: [inputCount, 64, outputCount],
    activations: ['relu', isClassification ? 'softmax' : 'identity'],
    loss: isClassification ? 'crossEntropy' : huberLoss({ delta: 3 }),
    optimizer: rmsprop({ learningRate: 0.01, decay: 0.999, biasCorrection: true }),
    initializer: ['he', 'zeros'],
    outputChangeCap: 2,
    standardise: true,
    seed,
  });
  return new ScaledNetwork(network, task);
};

/**
 * The network that the project began with: 30 sigmoid units, sigmoid outputs, half the squared
 * error, plain descent at 0.25. In regression the output is linear and the rate 0.025.
 */
export const seedNetwork = (options: TaskOptions): Learner => {
  checkTask(options);
  const { task, inputCount, outputCount, seed = 1 } = options;
  const isClassification = task === 'classification';
  const network = new Network({
    sizes: [inputCount, 30, outputCount],
    activations: ['sigmoid', isClassification ? 'sigmoid' : 'identity'],
    loss: isClassification ? 'halfSquaredError' : huberLoss({ delta: 3 }),
    optimizer: sgd({ learningRate: isClassification ? 0.25 : 0.025 }),
    standardise: true,
    seed,
  });
  return new ScaledNetwork(network, task);
};

/**
 * A network that takes a shorter x, whose missing end counts as the mean, and a y in the unit of the
 * stream: in regression the target is scaled to and fro.
 */
class ScaledNetwork implements Learner {
  readonly #network: Network;
  readonly #target: TargetScaler | undefined;
  #last = 0;
  #y: Float64Array;

  constructor(network: Network, task: LearnerTask) {
    this.#network = network;
    this.#target = task === 'regression' ? new TargetScaler() : undefined;
    this.#y = new Float64Array(network.outputCount);
  }

  get inputCount(): number {
    return this.#network.inputCount;
  }

  get outputCount(): number {
    return this.#network.outputCount;
  }

  get composition(): string {
    return this.#network.composition;
  }

  predict(x: ArrayLike<number>, out = new Float64Array(this.outputCount)): Float64Array {
    checkInputs(x, this.inputCount);
    this.#network.predict(this.#whole(x), out);
    if (this.#target) out[0] = this.#target.restore(out[0]!);
    return out;
  }

  learn(x: ArrayLike<number>, y: ArrayLike<number>, weight = 1): number {
    checkInputs(x, this.inputCount);
    checkTarget(y, this.outputCount);
    checkWeight(weight);
    const target = this.#padded(y);
    if (this.#target) target[0] = this.#target.standardise(y[0]!);
    let cost = this.#network.learn(this.#whole(x), target, weight);
    if (this.#target) {
      this.#last = this.#target.restore(this.#network.lastPrediction()[0]!);
      if (Number.isFinite(cost)) cost = this.#target.cost(this.#last, y[0]!);
      this.#target.update(y[0]!);
    }
    return cost;
  }

  costOf(prediction: ArrayLike<number>, y: ArrayLike<number>): number {
    if (this.#target) return this.#target.cost(prediction[0]!, y[0]!);
    return this.#network.costOf(prediction, y);
  }

  lastPrediction(): number[] {
    return this.#target ? [this.#last] : this.#network.lastPrediction();
  }

  save(): Memory {
    return {
      network: this.#network.save(),
      target: this.#target ? this.#target.save() : null,
    };
  }

  load(memory: Memory): void {
    this.#network.load(memoryIn(memory, 'network'));
    if (this.#target) this.#target.load(memoryIn(memory, 'target'));
    this.#y = new Float64Array(this.outputCount);
  }

  grow(inputCount: number, outputCount: number): void {
    this.#network.grow(inputCount, outputCount);
    this.#y = new Float64Array(outputCount);
  }

  forget(inputs: readonly number[]): void {
    this.#network.forget(inputs);
  }

  explain(x: ArrayLike<number>): Float64Array {
    checkInputs(x, this.inputCount);
    const contributions = this.#network.explain(this.#whole(x));
    if (!this.#target) return contributions;
    const { deviation } = this.#target;
    return contributions.map((contribution) => contribution * deviation);
  }

  tensors(): Tensor[] {
    return this.#network.tensors();
  }

  networks(): NetworkOutline[] {
    return this.#network.networks();
  }

  copyNetwork(name: string): LayeredCopy {
    return { ...this.#network.copyNetwork(name), target: this.#target?.scale ?? null };
  }

  copyPart(name: string, { x, y }: LabelledSample, unitsMax: number): PartCopy {
    const seen = this.#target ? [this.#target.standardise(y[0]!)] : this.#padded(y).slice();
    const part = this.#network.copyPart(name, { x: this.#whole(x), y: seen }, unitsMax);
    return { ...part, target: this.#target?.scale ?? null };
  }

  inspect(samples: readonly LabelledSample[]): TensorReport[] {
    return this.#network.inspect(
      samples.map(({ x, y }) => ({
        x: this.#whole(x),
        y: this.#target ? [this.#target.standardise(y[0]!)] : this.#padded(y).slice(),
      })),
    );
  }

  #whole(x: ArrayLike<number>): ArrayLike<number> {
    if (x.length === this.inputCount) return x;
    const whole = new Float64Array(this.inputCount).fill(Number.NaN);
    whole.set(x);
    return whole;
  }

  #padded(y: ArrayLike<number>): Float64Array {
    this.#y.fill(0);
    for (let k = 0; k < y.length; k += 1) this.#y[k] = y[k]!;
    return this.#y;
  }
}
