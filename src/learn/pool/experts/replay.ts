import type { Memory } from '../../learner.ts';
import { countIn, float32s } from '../../memory-fields.ts';

/** Numbers that the remembered samples may take up together. */
const numbersMax = 0x20_0000;

/**
 * The last samples, up to a number, each as a row of floats. Memory is bounded: the wider the samples,
 * the fewer of them.
 */
export class Replay {
  #width: number;
  #capacity: number;
  #rows: Float32Array;
  #next = 0;
  count = 0;

  readonly #samplesMax: number;

  constructor(width: number, samplesMax: number) {
    this.#samplesMax = samplesMax;
    this.#width = width;
    this.#capacity = capacityFor(width, samplesMax);
    this.#rows = new Float32Array(this.#capacity * width);
  }

  add(sample: Float32Array): void {
    const at = this.#next * this.#width;
    for (let i = 0; i < sample.length; i += 1) this.#rows[at + i] = sample[i]!;
    this.#next += 1;
    this.count = Math.max(this.count, this.#next);
    if (this.#next === this.#capacity) this.#next = 0;
  }

  /** Fills `sample` with one of the `count`. */
  read(index: number, sample: Float32Array): void {
    const at = index * this.#width;
    for (let i = 0; i < sample.length; i += 1) sample[i] = this.#rows[at + i]!;
  }

  /** New inputs stand last. They were 0, the mean, in the samples of the past. */
  grow(width: number): void {
    if (width === this.#width) return;
    const grown = new Replay(width, this.#samplesMax);
    grown.count = Math.min(this.count, grown.#capacity);
    for (let i = 0; i < grown.count; i += 1) {
      const at = i * this.#width;
      grown.#rows.set(this.#rows.subarray(at, at + this.#width), i * width);
    }
    this.#rows = grown.#rows;
    this.#width = width;
    this.#capacity = grown.#capacity;
    this.count = grown.count;
    this.#next %= this.#capacity;
  }

  /** Numbers of all samples are 0, the mean. */
  forget(places: readonly number[]): void {
    for (let row = 0; row < this.#rows.length; row += this.#width)
      for (const place of places) this.#rows[row + place] = 0;
  }

  save(): Memory {
    return {
      width: this.#width,
      rows: this.#rows.slice(0, this.count * this.#width),
      next: this.#next,
      count: this.count,
    };
  }

  load(memory: Memory): void {
    this.#width = countIn(memory, 'width');
    this.#capacity = capacityFor(this.#width, this.#samplesMax);
    this.#rows = new Float32Array(this.#capacity * this.#width);
    this.#rows.set(float32s(memory, 'rows'));
    this.#next = countIn(memory, 'next');
    this.count = countIn(memory, 'count');
  }
}

const capacityFor = (width: number, samplesMax: number): number =>
  Math.max(1, Math.min(samplesMax, Math.floor(numbersMax / width)));
