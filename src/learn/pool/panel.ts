import { areFinite } from '../../math/finite.ts';
import type { Memory } from '../learner.ts';
import { memoryIn } from '../memory-fields.ts';
import { partsOf } from '../mixing/mixer.ts';
import type { Expert, Target } from './expert.ts';
import { expertsFor } from './experts/index.ts';
import type { SeenInputs } from './inputs.ts';
import { outputsOf, type Sizes } from './sizes.ts';

/** The experts of a pool, and what each of them has predicted last. */
export class Panel {
  readonly experts: readonly Expert[];
  /** Experts × outputs, always finite. */
  predictions!: Float64Array;
  /** The part that each expert fills. */
  #parts!: readonly Float64Array[];
  #sizes: Sizes;

  constructor(sizes: Sizes, seed: number) {
    this.#sizes = sizes;
    this.experts = expertsFor(sizes, seed);
    this.#makeRoom();
  }

  /** Fills the predictions. An expert whose numbers are not finite says nothing. */
  predict(inputs: SeenInputs): void {
    for (let e = 0; e < this.experts.length; e += 1) {
      this.experts[e]!.predict(inputs, this.#parts[e]!);
    }
    if (areFinite(this.predictions)) return;
    const nothing = this.#sizes.classCount > 0 ? 1 / this.#sizes.classCount : 0;
    for (const part of this.#parts) if (!areFinite(part)) part.fill(nothing);
  }

  /**
   * The same, and each expert learns as soon as it has predicted, while its memory is in the cache.
   * One whose numbers are not finite begins again; the others carry the prediction.
   */
  learn(inputs: SeenInputs, target: Target): void {
    for (let e = 0; e < this.experts.length; e += 1) {
      this.experts[e]!.learn(inputs, target, this.#parts[e]!);
    }
    if (areFinite(this.predictions)) return;
    for (const [e, part] of this.#parts.entries()) {
      if (areFinite(part)) continue;
      this.experts[e]!.reset();
      this.experts[e]!.learn(inputs, target, part);
    }
  }

  grow(sizes: Sizes): void {
    this.#sizes = sizes;
    for (const expert of this.experts) expert.grow(sizes);
    this.#makeRoom();
  }

  forget(inputs: readonly number[]): void {
    for (const expert of this.experts) expert.forget(inputs);
  }

  save(): Memory {
    return Object.fromEntries(this.experts.map((expert) => [expert.name, expert.save()]));
  }

  load(memory: Memory, sizes: Sizes): void {
    this.#sizes = sizes;
    for (const expert of this.experts) expert.load(memoryIn(memory, expert.name));
    this.#makeRoom();
  }

  #makeRoom(): void {
    const outputCount = outputsOf(this.#sizes);
    this.predictions = new Float64Array(this.experts.length * outputCount);
    this.#parts = partsOf(this.predictions, outputCount);
  }
}
