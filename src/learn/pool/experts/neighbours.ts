import { allocate, type Block } from '../../../math/wasm/arena.ts';
import type { Memory } from '../../learner.ts';
import type { Expert, Sizes, Target } from '../expert.ts';
import type { SeenInputs } from '../inputs.ts';
import { type Distances, distances, pointsInBlock } from '../kernel/distances.ts';

const nearestMax = 10;
const voters = 5;
/** Points that are remembered, and numbers that they may take up together. */
const pointsMax = 1_024;
const numbersMax = 2 ** 21;
const far = 0.05;

/** The five nearest of the last thousand samples vote, the nearer ones more. */
export class NeighboursExpert implements Expert {
  readonly name = 'neighbours';
  #sizes: Sizes;
  #block!: Block;
  #view!: Float32Array;
  #distancesTo!: Distances;
  #capacity = 0;
  #count = 0;
  #next = 0;
  #targets = new Float64Array(0);
  #found = 0;
  readonly #nearest = new Int32Array(nearestMax);
  readonly #distances = new Float64Array(nearestMax);

  constructor(sizes: Sizes) {
    this.#sizes = sizes;
    this.#allocate();
  }

  predict({ steady }: SeenInputs, out: Float64Array): void {
    this.#found = this.#find(steady);
    this.vote(voters, out);
  }

  /** What the nearest ones of the latest search say: so many of them, or all that there are. */
  vote(votersMax: number, out: Float64Array): void {
    out.fill(0);
    const found = Math.min(votersMax, this.#found);
    let whole = 0;
    for (let i = 0; i < found; i += 1) {
      const weight = 1 / (Math.sqrt(this.#distances[i]!) + far);
      const target = this.#targets[this.#nearest[i]!]!;
      whole += weight;
      if (this.#sizes.classCount > 0) out[target]! += weight;
      else out[0]! += weight * target;
    }
    if (this.#sizes.classCount === 0) {
      if (whole > 0) out[0]! /= whole;
      return;
    }
    // Half a vote belongs to all classes, so that no probability is 0.
    const votes = whole > 0 ? found / whole : 0;
    for (let k = 0; k < out.length; k += 1) {
      out[k] = (votes * out[k]! + 0.5 / out.length) / (found + 0.5);
    }
  }

  learn({ steady }: SeenInputs, { label, value }: Target): void {
    const index = this.#next;
    const at = this.#pointAt(index);
    for (let i = 0; i < steady.length; i += 1) this.#view[at + 4 * i] = steady[i]!;
    this.#targets[index] = this.#sizes.classCount > 0 ? label : value;
    this.#next = (index + 1) % this.#capacity;
    this.#count = Math.max(this.#count, index + 1);
  }

  reset(): void {
    this.#count = 0;
    this.#next = 0;
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
    this.#sizes = memory['sizes'] as unknown as Sizes;
    this.#block.free();
    this.#allocate();
    this.#count = memory['count'] as number;
    this.#next = memory['next'] as number;
    const targets = memory['targets'] as Float64Array;
    this.#place(memory['points'] as Float32Array, this.#sizes.inputCount, targets);
  }

  /** Fills the nearest and their squared distances. Returns how many there are. */
  #find(z: Float64Array): number {
    const blocks = this.#measure(z);
    const view = this.#view;
    const outAt = this.#outAt();
    const leastAt = outAt + this.#capacity;
    const count = this.#count;
    const bound = this.#boundOf(leastAt, blocks);
    this.#found = 0;
    for (let block = 0; block < blocks; block += 1) {
      if (!(view[leastAt + block]! <= bound)) continue;
      const end = Math.min(count, (block + 1) * pointsInBlock);
      for (let i = block * pointsInBlock; i < end; i += 1) {
        if (view[outAt + i]! <= bound) this.#insert(i, view[outAt + i]!);
      }
    }
    return this.#found;
  }

  /** As many blocks have a point within this as are looked for: none of the nearest is beyond. */
  #boundOf(leastAt: number, blocks: number): number {
    if (this.#count < pointsInBlock * nearestMax) return Number.POSITIVE_INFINITY;
    this.#found = 0;
    for (let block = 0; block < blocks; block += 1)
      this.#insert(block, this.#view[leastAt + block]!);
    return this.#distances[nearestMax - 1]!;
  }

  /** Squared distances to all points, and the least of each block. Returns how many blocks. */
  #measure(z: Float64Array): number {
    const blocks = Math.ceil(this.#count / pointsInBlock);
    if (blocks === 0) return 0;
    // A loop: TypedArray.set between arrays of different types is slow.
    for (let i = 0; i < z.length; i += 1) this.#view[i] = z[i]!;
    const { address } = this.#block;
    const out = address + 4 * this.#outAt();
    this.#distancesTo.measure(
      address,
      address + 4 * padded(z.length),
      4 * z.length,
      out,
      out + 4 * blocks * pointsInBlock,
      out + 4 * this.#capacity,
    );
    return blocks;
  }

  /** Puts a point among the nearest, if it is one of them. */
  #insert(point: number, distance: number): void {
    const nearest = this.#nearest;
    const distances = this.#distances;
    if (this.#found < nearestMax) this.#found += 1;
    else if (distance >= distances[nearestMax - 1]!) return;
    let place = this.#found - 1;
    for (; place > 0 && distances[place - 1]! > distance; place -= 1) {
      distances[place] = distances[place - 1]!;
      nearest[place] = nearest[place - 1]!;
    }
    distances[place] = distance;
    nearest[place] = point;
  }

  /** All points, one after the other. */
  #points(): Float32Array {
    const { inputCount } = this.#sizes;
    const points = new Float32Array(this.#capacity * inputCount);
    for (let p = 0; p < this.#count; p += 1) {
      const at = this.#pointAt(p);
      for (let i = 0; i < inputCount; i += 1) points[p * inputCount + i] = this.#view[at + 4 * i]!;
    }
    return points;
  }

  /** Puts points of so many numbers each in place. Numbers that they have not are 0. */
  #place(points: Float32Array, width: number, targets: Float64Array): void {
    for (let p = 0; p < this.#count; p += 1) {
      const at = this.#pointAt(p);
      for (let i = 0; i < width; i += 1) this.#view[at + 4 * i] = points[p * width + i]!;
      this.#targets[p] = targets[p]!;
    }
  }

  #pointAt(index: number): number {
    const group = Math.floor(index / 4);
    return padded(this.#sizes.inputCount) + 4 * group * this.#sizes.inputCount + (index % 4);
  }

  #outAt(): number {
    return padded(this.#sizes.inputCount) + this.#capacity * this.#sizes.inputCount;
  }

  #allocate(): void {
    const { inputCount } = this.#sizes;
    const points = Math.min(pointsMax, Math.floor(numbersMax / inputCount));
    const blocks = Math.max(1, Math.ceil(points / pointsInBlock));
    this.#capacity = blocks * pointsInBlock;
    this.#block = allocate(4 * (this.#outAt() + this.#capacity + blocks));
    this.#view = new Float32Array(
      this.#block.buffer,
      this.#block.address,
      this.#block.byteLength / 4,
    );
    this.#distancesTo = distances(this.#block);
    this.#targets = new Float64Array(this.#capacity);
  }
}

const padded = (count: number): number => 4 * Math.ceil(count / 4);
