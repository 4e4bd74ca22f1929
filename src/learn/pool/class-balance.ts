import type { Memory } from '../learner.ts';
import { float64s } from '../memory-fields.ts';

const rate = 0.001;
const weightMax = 20;

/** How much a sample of each class must weigh so that all classes weigh the same: 1/(K f), at most 20. */
export class ClassBalance {
  /** Fading frequencies. */
  #frequencies: Float64Array;

  constructor(classCount: number) {
    this.#frequencies = new Float64Array(classCount).fill(1 / classCount);
  }

  weightOf(label: number): number {
    const frequency = this.#frequencies[label]!;
    return Math.min(weightMax, 1 / (this.#frequencies.length * frequency));
  }

  update(label: number): void {
    const frequencies = this.#frequencies;
    for (let k = 0; k < frequencies.length; k += 1) frequencies[k]! *= 1 - rate;
    frequencies[label]! += rate;
  }

  /** A new class begins as one of a hundred samples. */
  grow(classCount: number): void {
    const grown = new Float64Array(classCount).fill(0.01);
    grown.set(this.#frequencies);
    this.#frequencies = grown;
  }

  save(): Memory {
    return { frequencies: this.#frequencies.slice() };
  }

  load(memory: Memory): void {
    this.#frequencies = float64s(memory, 'frequencies').slice();
  }
}
