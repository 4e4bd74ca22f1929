import { type TensorReport, underName } from './inspection.ts';
import type { LabelledSample } from './labelled-sample.ts';
import type { Learner, Memory, Tensor } from './learner.ts';
import { listIn, memoryIn } from './memory-fields.ts';
import { ClassMixer } from './mixing/class-mixer.ts';
import { type Mixer, partsOf } from './mixing/mixer.ts';
import { NumberMixer } from './mixing/number-mixer.ts';
import { plainCopy } from './plain-copy.ts';
import { logCost } from './prediction-cost.ts';
import { TargetScaler } from './target-scaler.ts';
import { checkTarget, checkWeight, type LearnerTask, labelOf } from './targets.ts';
import type { Trust } from './trust.ts';

/** Options of {@link hedge}. */
export interface HedgeOptions {
  /** Default: classification where the learners have several outputs, else regression. */
  readonly task?: LearnerTask;
}

/**
 * Mixes learners of any kind by how well each has predicted lately, so that one need not be chosen.
 * In a classification the outputs of a learner are treated as probabilities: negative ones count as 0,
 * and they are normalised to sum to 1.
 */
export const hedge = (learners: readonly Learner[], options: HedgeOptions = {}): Hedge =>
  new Hedge(learners, options);

/** See {@link hedge}. */
export class Hedge implements Learner {
  readonly #learners: readonly Learner[];
  readonly #mixer: Mixer;
  readonly #target: TargetScaler | undefined;
  #predictions = new Float64Array(0);
  /** The part of the predictions that each learner fills. */
  #parts: readonly Float64Array[] = [];
  #last = new Float64Array(0);
  /** Where all learners can. */
  readonly forget?: (inputs: readonly number[]) => void;

  constructor(learners: readonly Learner[], { task }: HedgeOptions) {
    checkLearners(learners);
    this.#learners = [...learners];
    const isRegression = task ? task === 'regression' : learners[0]!.outputCount === 1;
    this.#target = isRegression ? new TargetScaler() : undefined;
    const count = learners.length;
    this.#mixer = isRegression ? new NumberMixer(count) : new ClassMixer(count);
    this.#makeRoom();
    if (this.#learners.every((learner) => learner.forget !== undefined))
      this.forget = (inputs) => {
        for (const learner of this.#learners) learner.forget!(inputs);
      };
  }

  get inputCount(): number {
    return this.#learners[0]!.inputCount;
  }

  get outputCount(): number {
    return this.#learners[0]!.outputCount;
  }

  /** Whom it trusts, as of now: each by its position. */
  experts(): Trust[] {
    const shares = this.#mixer.shares();
    return this.#learners.map((_, e) => ({ name: `${e}`, weight: shares[e]! }));
  }

  predict(x: ArrayLike<number>, out = new Float64Array(this.outputCount)): Float64Array {
    this.#mix(x, out);
    if (this.#target) out[0] = this.#target.restore(out[0]!);
    return out;
  }

  learn(x: ArrayLike<number>, y: ArrayLike<number>, weight = 1): number {
    checkTarget(y, this.outputCount);
    checkWeight(weight);
    const last = this.#last;
    this.#mix(x, last);
    // A learner that refuses the sample throws here, before the mix has learned from it.
    for (const learner of this.#learners) learner.learn(x, y, weight);
    const truth = this.#target ? this.#target.standardise(y[0]!) : labelOf(y);
    this.#mixer.update(this.#predictions, truth, weight);
    if (!this.#target) return logCost(last[truth]!);
    last[0] = this.#target.restore(last[0]!);
    const cost = this.#target.cost(last[0]!, y[0]!);
    this.#target.update(y[0]!);
    return cost;
  }

  costOf(prediction: ArrayLike<number>, y: ArrayLike<number>): number {
    if (this.#target) return this.#target.cost(prediction[0]!, y[0]!);
    return logCost(prediction[labelOf(y)] ?? 0);
  }

  lastPrediction(): number[] {
    return plainCopy(this.#last);
  }

  save(): Memory {
    return {
      mixer: this.#mixer.save(),
      target: this.#target?.save() ?? null,
      learners: this.#learners.map((learner) => learner.save()),
    };
  }

  load(memory: Memory): void {
    this.#mixer.load(memoryIn(memory, 'mixer'));
    this.#target?.load(memoryIn(memory, 'target'));
    const learners = listIn(memory, 'learners', {
      of: memoryIn,
      length: this.#learners.length,
    });
    for (const [e, learner] of this.#learners.entries()) learner.load(learners[e]!);
    this.#makeRoom();
  }

  grow(inputCount: number, outputCount: number): void {
    const stiff = this.#learners.findIndex((learner) => !learner.grow);
    if (stiff >= 0) throw new TypeError(`learner ${stiff} of the hedge has no grow()`);
    for (const learner of this.#learners) learner.grow!(inputCount, outputCount);
    this.#makeRoom();
  }

  tensors(): Tensor[] {
    return this.#learners.flatMap((learner, e) => underName(`${e}`, learner.tensors?.()));
  }

  inspect(samples: readonly LabelledSample[]): TensorReport[] {
    return this.#learners.flatMap((learner, e) => underName(`${e}`, learner.inspect?.(samples)));
  }

  #mix(x: ArrayLike<number>, out: Float64Array): void {
    for (const [e, learner] of this.#learners.entries()) {
      const prediction = this.#parts[e]!;
      learner.predict(x, prediction);
      if (this.#target) prediction[0] = orElse(0, this.#target.standardise(prediction[0]!));
      else makeProbabilities(prediction);
    }
    this.#mixer.mix(this.#predictions, out);
  }

  #makeRoom(): void {
    this.#predictions = new Float64Array(this.#learners.length * this.outputCount);
    this.#parts = partsOf(this.#predictions, this.outputCount);
    this.#last = new Float64Array(this.outputCount);
  }
}

const checkLearners = (learners: readonly Learner[]): void => {
  const [first, ...others] = learners;
  if (!first) throw new RangeError('hedge needs at least one learner');
  for (const other of others) {
    if (other.inputCount === first.inputCount && other.outputCount === first.outputCount) continue;
    const shape = `${first.inputCount} inputs and ${first.outputCount} outputs`;
    throw new RangeError(`all learners of a hedge must have ${shape}, as the first one has`);
  }
};

const makeProbabilities = (values: Float64Array): void => {
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) {
    values[k] = Math.max(0, orElse(0, values[k]!));
    sum += values[k]!;
  }
  for (let k = 0; k < values.length; k += 1) {
    values[k] = sum > 0 ? values[k]! / sum : 1 / values.length;
  }
};

const orElse = (otherwise: number, value: number): number =>
  Number.isFinite(value) ? value : otherwise;
