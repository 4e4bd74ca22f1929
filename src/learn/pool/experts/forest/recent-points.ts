import { indexAt } from '../../../../math/random.ts';
import type { Memory } from '../../../learner.ts';
import { countIn, float32s } from '../../../memory-fields.ts';

const pointsMax = 200;
const numbersMax = 0x4_0000;

/** A few recent points, from which thresholds are drawn. */
export class RecentPoints {
  #inputCount: number;
  #capacity: number;
  #points: Float32Array;
  #next = 0;
  #count = 0;

  constructor(inputCount: number) {
    this.#inputCount = inputCount;
    this.#capacity = capacityFor(inputCount);
    this.#points = new Float32Array(this.#capacity * inputCount);
  }

  get inputCount(): number {
    return this.#inputCount;
  }

  get count(): number {
    return this.#count;
  }

  add(z: Float64Array): void {
    const at = this.#next * this.#inputCount;
    for (let i = 0; i < z.length; i += 1) this.#points[at + i] = z[i]!;
    this.#count = Math.max(this.#count, this.#next + 1);
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** One of the recent values of an input: that of the point at a share of all, in [0, 1). */
  valueAt(share: number, input: number): number {
    return this.#points[indexAt(share, this.#count) * this.#inputCount + input]!;
  }

  /** The value of an input in the newest point. */
  newest(input: number): number {
    const newest = (this.#next + this.#capacity - 1) % this.#capacity;
    return this.#points[newest * this.#inputCount + input]!;
  }

  /** Inputs are 0, the mean, in all points. */
  forget(inputs: readonly number[]): void {
    for (let at = 0; at < this.#points.length; at += this.#inputCount)
      for (const input of inputs) this.#points[at + input] = 0;
  }

  grow(inputCount: number): void {
    const old = this.#points;
    const width = this.#inputCount;
    this.#inputCount = inputCount;
    this.#capacity = capacityFor(inputCount);
    this.#points = new Float32Array(this.#capacity * inputCount);
    this.#count = Math.min(this.#count, this.#capacity);
    this.#next %= this.#capacity;
    for (let p = 0; p < this.#count; p += 1) {
      this.#points.set(old.subarray(p * width, (p + 1) * width), p * inputCount);
    }
  }

  save(): Memory {
    const { inputCount, count } = this;
    return { inputCount, count, next: this.#next, points: this.#points.slice() };
  }

  load(memory: Memory): void {
    this.#inputCount = countIn(memory, 'inputCount');
    this.#capacity = capacityFor(this.#inputCount);
    this.#count = countIn(memory, 'count');
    this.#next = countIn(memory, 'next');
    this.#points = float32s(memory, 'points', this.#capacity * this.#inputCount).slice();
  }
}

const capacityFor = (inputCount: number): number =>
  Math.max(2, Math.min(pointsMax, Math.floor(numbersMax / inputCount)));
