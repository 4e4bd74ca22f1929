import { fillShort } from '../../../math/short-vectors.ts';
import { allocate, type Block } from '../../../math/wasm/arena.ts';
import type { Memory } from '../../learner.ts';
import { countIn, float32s, float64s } from '../../memory-fields.ts';
import type { Expert, Target } from '../expert.ts';
import type { SeenInputs } from '../inputs.ts';
import {
  type NearestProgram,
  nearestMax,
  nearestProgram,
  pointsInBlock,
} from '../kernel/nearest-code.ts';
import { type NearestPlan, nearestPlan } from '../kernel/nearest-plan.ts';
import { type Sizes, sizesIn } from '../sizes.ts';

const voters = 5;
const far = 0.05;

/** The five nearest of the last thousand samples vote, the nearer ones more. */
export class NeighboursExpert implements Expert {
  readonly name = 'neighbours';
  #sizes: Sizes;
  #block!: Block;
  #view!: Float32Array;
  #program!: NearestProgram;
  #addresses!: Record<'query' | 'queryEnd' | 'points' | 'out' | 'least' | 'found', number>;
  #plan!: NearestPlan;
  #capacity = 0;
  #count = 0;
  #next = 0;
  #targets = new Float64Array(0);
  /** What all that the latest search has found say: twice as many as vote otherwise. */
  crowd = new Float64Array(0);
  /** Of each that was found: four times its index, and its squared distance less {@link #square}. */
  #foundIndices!: Int32Array;
  #foundDistances!: Float32Array;
  /** What the votes of the latest search weigh: a number that a call returns would be an object. */
  readonly #weighed = new Float64Array(1);
  /** |q|² of the latest search. */
  #square = 0;

  constructor(sizes: Sizes) {
    this.#sizes = sizes;
    this.#allocate();
  }

  predict({ steady }: SeenInputs, out: Float64Array): void {
    const found = this.#find(steady);
    if (this.crowd.length !== out.length) this.crowd = new Float64Array(out.length);
    fillShort(this.crowd, 0);
    const nearest = Math.min(voters, found);
    this.#weighed[0] = 0;
    this.#vote(0, nearest);
    this.#conclude(nearest, out);
    this.#vote(nearest, found);
    this.#conclude(found, this.crowd);
  }

  learn(inputs: SeenInputs, { label, value }: Target, out: Float64Array): void {
    this.predict(inputs, out);
    const { steady } = inputs;
    const index = this.#next;
    this.#write(index, steady, { from: 0, width: steady.length });
    this.#targets[index] = this.#sizes.classCount > 0 ? label : value;
    this.#next = (index + 1) % this.#capacity;
    this.#count = Math.max(this.#count, index + 1);
  }

  reset(): void {
    this.#count = 0;
    this.#next = 0;
    this.#clear();
  }

  grow(sizes: Sizes): void {
    if (sizes.inputCount === this.#sizes.inputCount) {
      this.#sizes = sizes;
      return;
    }
    const points = this.#points();
    const targets = this.#targets;
    this.#sizes = sizes;
    this.#block.free();
    this.#allocate();
    this.#count = Math.min(this.#count, this.#capacity);
    this.#next %= this.#capacity;
    this.#place(points, points.length / Math.max(1, targets.length), targets);
  }

  forget(inputs: readonly number[]): void {
    const points = this.#points();
    const { inputCount } = this.#sizes;
    for (let at = 0; at < points.length; at += inputCount)
      for (const input of inputs) points[at + input] = 0;
    this.#place(points, inputCount, this.#targets);
  }

  save(): Memory {
    return {
      sizes: { ...this.#sizes },
      count: this.#count,
      next: this.#next,
      points: this.#points().slice(0, this.#count * this.#sizes.inputCount),
      targets: this.#targets.slice(0, this.#count),
    };
  }

  load(memory: Memory): void {
    this.#sizes = sizesIn(memory);
    this.#block.free();
    this.#allocate();
    this.#count = countIn(memory, 'count');
    this.#next = countIn(memory, 'next');
    const targets = float64s(memory, 'targets');
    this.#place(float32s(memory, 'points'), this.#sizes.inputCount, targets);
  }

  /** Adds the votes of some that were found to the crowd's. */
  #vote(from: number, to: number): void {
    const votes = this.crowd;
    const weighed = this.#weighed;
    for (let i = from; i < to; i += 1) {
      // Rounding may make it less than 0.
      const square = Math.max(0, this.#square + this.#foundDistances[2 * i]!);
      const weight = 1 / (Math.sqrt(square) + far);
      const target = this.#targets[this.#foundIndices[2 * i]! / 4]!;
      weighed[0]! += weight;
      if (this.#sizes.classCount > 0) votes[target]! += weight;
      else votes[0]! += weight * target;
    }
  }

  /** Writes the result of the votes of `found` neighbours. */
  #conclude(found: number, out: Float64Array): void {
    const votes = this.crowd;
    const whole = this.#weighed[0]!;
    if (this.#sizes.classCount === 0) {
      out[0] = whole > 0 ? votes[0]! / whole : 0;
      return;
    }
    // Half a vote belongs to all classes, so that no probability is 0.
    const scale = whole > 0 ? found / whole : 0;
    const share = 0.5 / out.length;
    for (let k = 0; k < out.length; k += 1) out[k] = (scale * votes[k]! + share) / (found + 0.5);
  }

  /** Finds the nearest ones. Returns how many there are. */
  #find(z: Float64Array): number {
    if (this.#count === 0) return 0;
    let square = 0;
    for (let i = 0; i < z.length; i += 1) {
      const value = Math.fround(z[i]!);
      square += value * value;
      this.#view[i] = -2 * value;
    }
    this.#square = square;
    const { query, queryEnd, points, out, least, found } = this.#addresses;
    const blocks = Math.ceil(this.#count / pointsInBlock);
    const end = out + 4 * blocks * pointsInBlock;
    this.#program.measure(query, queryEnd, points, out, end, least);
    this.#program.take(out, least, found);
    return Math.min(nearestMax, this.#count);
  }

  /** All points, one after the other. */
  #points(): Float32Array {
    const { inputCount } = this.#sizes;
    const points = new Float32Array(this.#capacity * inputCount);
    for (let p = 0; p < this.#count; p += 1) {
      const at = this.#pointAt(p);
      for (let i = 0; i < inputCount; i += 1)
        points[p * inputCount + i] = this.#view[at + pointsInBlock * i]!;
    }
    return points;
  }

  /** Writes points of `width` numbers each. Missing numbers are 0. */
  #place(points: Float32Array, width: number, targets: Float64Array): void {
    for (let p = 0; p < this.#count; p += 1) {
      this.#write(p, points, { from: p * width, width });
      this.#targets[p] = targets[p]!;
    }
  }

  #write(
    index: number,
    values: ArrayLike<number>,
    { from, width }: { from: number; width: number },
  ): void {
    const at = this.#pointAt(index);
    let square = 0;
    for (let i = 0; i < width; i += 1) {
      const value = Math.fround(values[from + i]!);
      square += value * value;
      this.#view[at + pointsInBlock * i] = value;
    }
    this.#view[at - pointsInBlock] = square;
  }

  /** Numbers of a point: one, a zero, where there are no inputs yet. No getter: V8 calls its runtime for one that is private. */
  #width(): number {
    return Math.max(1, this.#sizes.inputCount);
  }

  /** Where the first of a point's numbers lies; its |p|² lies a row before. */
  #pointAt(index: number): number {
    const place = index % pointsInBlock;
    return this.#plan.pointsAt + (index - place) * (1 + this.#width()) + pointsInBlock + place;
  }

  #allocate(): void {
    const width = this.#width();
    const plan = nearestPlan(width);
    this.#plan = plan;
    this.#capacity = plan.capacity;
    this.#block = allocate(4 * plan.length, this);
    const { buffer, address, byteLength } = this.#block;
    this.#view = new Float32Array(buffer, address, byteLength / 4);
    const found = address + 4 * plan.foundAt;
    this.#addresses = {
      query: address,
      queryEnd: address + 4 * width,
      points: address + 4 * plan.pointsAt,
      out: address + 4 * plan.outAt,
      least: address + 4 * plan.leastAt,
      found,
    };
    this.#foundIndices = new Int32Array(buffer, found, 2 * nearestMax - 1);
    this.#foundDistances = new Float32Array(buffer, found + 4, 2 * nearestMax - 1);
    this.#program = nearestProgram(this.#block);
    this.#targets = new Float64Array(this.#capacity);
    this.#clear();
  }

  /** What is no point yet lies infinitely far away. */
  #clear(): void {
    this.#view.fill(0);
    for (let p = 0; p < this.#capacity; p += 1) {
      this.#view[this.#pointAt(p) - pointsInBlock] = Number.POSITIVE_INFINITY;
    }
    this.#view.fill(Number.POSITIVE_INFINITY, this.#plan.outAt);
  }
}
