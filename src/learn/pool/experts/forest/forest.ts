import { initialRandom, type RandomMemory } from '../../../../math/random.ts';
import { fillShort } from '../../../../math/short-vectors.ts';
import type { Memory } from '../../../learner.ts';
import { listIn, memoryIn, uint32s } from '../../../memory-fields.ts';
import type { Expert, Target } from '../../expert.ts';
import type { SeenInputs } from '../../inputs.ts';
import { type Sizes, sizesIn } from '../../sizes.ts';
import { gini, type Impurity, variance } from './impurity.ts';
import { RecentPoints } from './recent-points.ts';
import { Tree } from './tree.ts';

const treeCount = 3;

/** A few trees, each grown by its own random tests; their leaves vote. */
export class ForestExpert implements Expert {
  readonly name = 'forest';
  #sizes: Sizes;
  #impurity: Impurity;
  #trees: Tree[];
  #points: RecentPoints;
  #random: RandomMemory;
  /** What the latest sample adds to the sums: the weight of its class, or n, Σy and Σy². */
  readonly #values: Float64Array;
  /** Into which leaf of each tree the latest point fell. */
  readonly #leaves = new Int32Array(treeCount);

  constructor(sizes: Sizes, seed: number) {
    this.#sizes = sizes;
    this.#impurity = impurityOf(sizes);
    this.#values = new Float64Array(sizes.classCount > 0 ? 1 : 3);
    this.#random = initialRandom(seed);
    this.#points = new RecentPoints(sizes.inputCount);
    this.#trees = this.#plant();
  }

  predict({ steady }: SeenInputs, out: Float64Array): void {
    fillShort(out, 0);
    for (let t = 0; t < treeCount; t += 1) {
      const tree = this.#trees[t]!;
      const leaf = tree.leafOf(steady);
      this.#leaves[t] = leaf;
      if (this.#sizes.classCount === 0) {
        out[0]! += tree.sumOf(leaf, 1) / (tree.sumOf(leaf, 0) + 0.5) / treeCount;
      } else addVotes(tree, leaf, out);
    }
  }

  learn(inputs: SeenInputs, { label, value, weight }: Target, out: Float64Array): void {
    this.predict(inputs, out);
    const { steady } = inputs;
    this.#points.add(steady);
    const values = this.#values;
    values[0] = weight;
    if (this.#sizes.classCount === 0) {
      values[1] = weight * value;
      values[2] = weight * value * value;
    }
    const observation = { z: steady, first: label, values };
    const growing = { random: this.#random, points: this.#points };
    for (let t = 0; t < treeCount; t += 1) {
      this.#trees[t]!.learn(this.#leaves[t]!, observation, growing);
    }
  }

  reset(): void {
    this.#trees = this.#plant();
  }

  grow(sizes: Sizes): void {
    if (sizes.inputCount > this.#points.inputCount) this.#points.grow(sizes.inputCount);
    const hasMore = sizes.classCount > this.#sizes.classCount;
    this.#sizes = sizes;
    if (!hasMore) return;
    this.#impurity = impurityOf(sizes);
    for (const tree of this.#trees) tree.grow(this.#impurity);
  }

  forget(inputs: readonly number[]): void {
    for (const tree of this.#trees) tree.forget(inputs, this.#points);
    this.#points.forget(inputs);
  }

  save(): Memory {
    return {
      sizes: { ...this.#sizes },
      random: this.#random.slice(),
      points: this.#points.save(),
      trees: this.#trees.map((tree) => tree.save()),
    };
  }

  load(memory: Memory): void {
    this.#sizes = sizesIn(memory);
    this.#impurity = impurityOf(this.#sizes);
    this.#random = uint32s(memory, 'random', this.#random.length).slice();
    this.#points.load(memoryIn(memory, 'points'));
    this.#trees = this.#plant();
    const saved = listIn(memory, 'trees', { of: memoryIn, length: this.#trees.length });
    for (const [i, tree] of this.#trees.entries()) tree.load(saved[i]!);
  }

  #plant(): Tree[] {
    return Array.from({ length: treeCount }, () => new Tree(this.#impurity));
  }
}

const impurityOf = ({ classCount }: Sizes): Impurity =>
  classCount > 0 ? gini(classCount) : variance;

/** A leaf's share of each class. Half a vote belongs to all, so that none is 0. */
const addVotes = (tree: Tree, leaf: number, out: Float64Array): void => {
  let whole = 0;
  for (let k = 0; k < out.length; k += 1) whole += tree.sumOf(leaf, k);
  for (let k = 0; k < out.length; k += 1) {
    out[k]! += (tree.sumOf(leaf, k) + 0.5 / out.length) / (whole + 0.5) / treeCount;
  }
};
