import type { Memory } from '../../learner.ts';
import type { Target } from '../expert.ts';

/** Numbers that the remembered samples may take up together. */
const numbersMax = 2 ** 21;

/** The last samples, up to a number. Memory is bounded: of wide samples there are fewer. */
export class Replay {
  #inputCount: number;
  #capacity: number;
  #inputs: Float32Array;
  #targets: Float64Array;
  #next = 0;
  count = 0;

  readonly #samplesMax: number;

  constructor(inputCount: number, samplesMax: number) {
    this.#samplesMax = samplesMax;
    this.#inputCount = inputCount;
    this.#capacity = capacityFor(inputCount, samplesMax);
    this.#inputs = new Float32Array(this.#capacity * inputCount);
    this.#targets = new Float64Array(this.#capacity * 3);
  }

  add(inputs: Float64Array, { label, value, weight }: Target): void {
    const index = this.#next;
    const at = index * this.#inputCount;
    for (let i = 0; i < inputs.length; i += 1) this.#inputs[at + i] = inputs[i]!;
    this.#targets[3 * index] = label;
    this.#targets[3 * index + 1] = value;
    this.#targets[3 * index + 2] = weight;
    this.#next = (index + 1) % this.#capacity;
    this.count = Math.max(this.count, index + 1);
  }

  /** Fills `out` with the inputs of a sample. */
  read(index: number, out: Float64Array): void {
    const at = index * this.#inputCount;
    for (let i = 0; i < this.#inputCount; i += 1) out[i] = this.#inputs[at + i]!;
  }

  target(index: number): Target {
    const targets = this.#targets;
    const at = 3 * index;
    return { label: targets[at]!, value: targets[at + 1]!, weight: targets[at + 2]! };
  }

  /** New inputs were 0, the mean, in the samples of the past. */
  grow(inputCount: number): void {
    const grown = new Replay(inputCount, this.#samplesMax);
    grown.count = Math.min(this.count, grown.#capacity);
    for (let i = 0; i < grown.count; i += 1) {
      const at = i * this.#inputCount;
      grown.#inputs.set(this.#inputs.subarray(at, at + this.#inputCount), i * inputCount);
      grown.#targets.set(this.#targets.subarray(3 * i, 3 * i + 3), 3 * i);
    }
    this.#inputs = grown.#inputs;
    this.#targets = grown.#targets;
    this.#inputCount = inputCount;
    this.#capacity = grown.#capacity;
    this.count = grown.count;
    this.#next %= this.#capacity;
  }

  save(): Memory {
    return {
      inputCount: this.#inputCount,
      inputs: this.#inputs.slice(0, this.count * this.#inputCount),
      targets: this.#targets.slice(0, this.count * 3),
      next: this.#next,
      count: this.count,
    };
  }

  load(memory: Memory): void {
    this.#inputCount = memory['inputCount'] as number;
    this.#capacity = capacityFor(this.#inputCount, this.#samplesMax);
    this.#inputs = new Float32Array(this.#capacity * this.#inputCount);
    this.#inputs.set(memory['inputs'] as Float32Array);
    this.#targets = new Float64Array(this.#capacity * 3);
    this.#targets.set(memory['targets'] as Float64Array);
    this.#next = memory['next'] as number;
    this.count = memory['count'] as number;
  }
}

const capacityFor = (inputCount: number, samplesMax: number): number =>
  Math.max(1, Math.min(samplesMax, Math.floor(numbersMax / inputCount)));
