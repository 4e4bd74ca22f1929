import { GrowingMatrix } from '../../../../math/growing-matrix.ts';
import { indexAt, type RandomMemory, randomShares } from '../../../../math/random.ts';
import type { Memory } from '../../../learner.ts';
import { countIn, float32s, int32s, listIn, memoryIn } from '../../../memory-fields.ts';
import { testsInSlot } from '../../kernel/race-code.ts';
import { RaceTests } from '../../kernel/race-tests.ts';
import type { Impurity } from './impurity.ts';
import type { RecentPoints } from './recent-points.ts';

/** What new tests are drawn from. */
interface Growing {
  readonly random: RandomMemory;
  readonly points: RecentPoints;
}

/** What a sample adds to the sums of a leaf. */
interface Observation {
  readonly z: Float64Array;
  /** Which sum the first value is for; the others follow. The rest of the sums stay. */
  readonly first: number;
  readonly values: Float64Array;
}

/** A test of one input. */
interface Split {
  readonly input: number;
  readonly threshold: number;
  /** The sums of its left side, then of its right side: valid until the next is computed. */
  readonly sides: Float32Array;
}

/**
 * The tests that the leaves of a tree are trying: input < threshold, with what fell on either side.
 * A leaf's tests lie in one slot; those that gain least are replaced by new random ones over and
 * over, so that in the end good thresholds are found among all.
 */
class Candidates {
  #impurity: Impurity;
  readonly #tests: RaceTests;
  /** Random numbers of two tests that meet, and of a test that is drawn. */
  readonly #meeting = new Float64Array(2);
  readonly #drawn = new Float64Array(4);

  constructor(impurity: Impurity) {
    this.#impurity = impurity;
    this.#tests = new RaceTests(impurity);
  }

  /** Fills a slot with new random tests. */
  draw(slot: number, growing: Growing): void {
    this.#tests.reserve(slot + 1);
    for (let i = 0; i < testsInSlot; i += 1) this.#drawOne(slot * testsInSlot + i, growing);
  }

  /** Adds what a sample adds to the sums to the side of each test on which it falls. */
  add(slot: number, { z, first, values }: Observation): void {
    this.#tests.setPoint(z);
    this.#tests.add(slot, first, values);
  }

  /**
   * The best test of a slot, if it reduces the impurity by `gainMin` times the impurity divided by
   * the samples seen. Scores the tests for {@link Candidates.race}.
   */
  best(slot: number, gainMin: number): Split | undefined {
    const tests = this.#tests;
    tests.score(slot);
    const best = indexOfBest(tests.scores);
    if (best < 0) return undefined;
    const test = slot * testsInSlot + best;
    const sides = tests.sidesOf(test);
    const weight = this.#impurity.weight(sides);
    const impurity = this.#impurity.of(sides);
    const isEnough = tests.scores[best]! * weight > gainMin * impurity && impurity > 1e-6 * weight;
    if (!isEnough) return undefined;
    return { input: tests.input(test), threshold: tests.threshold(test), sides };
  }

  /**
   * Of some pairs of judged tests the one that gains less is replaced by a new one. Follows
   * {@link Candidates.best}.
   */
  race(slot: number, growing: Growing): void {
    const { random } = growing;
    const { scores } = this.#tests;
    for (let pair = 0; pair < testsInSlot / 4; pair += 1) {
      randomShares(random, this.#meeting);
      const a = indexAt(this.#meeting[0]!, testsInSlot);
      const b = indexAt(this.#meeting[1]!, testsInSlot);
      const loser = scores[a]! < scores[b]! ? a : b;
      const isJudged = Math.max(scores[a]!, scores[b]!) < Number.POSITIVE_INFINITY;
      if (!isJudged || a === b) continue;
      this.#drawOne(slot * testsInSlot + loser, growing);
      // Once is enough: as long as it is new, it is in no race.
      scores[loser] = Number.POSITIVE_INFINITY;
    }
  }

  /** A copy of the first slots. */
  save(slotCount: number): Memory {
    return this.#tests.save(slotCount);
  }

  load(memory: Memory): void {
    this.#tests.load(memory);
  }

  /** Raises the number of sums. Only the first slots stay. */
  grow(impurity: Impurity, slotCount: number): void {
    this.#impurity = impurity;
    this.#tests.grow(impurity.sumCount, slotCount);
  }

  /** The tests of some inputs begin again: nothing has fallen on their sides. */
  forget(inputs: ReadonlySet<number>, slotCount: number): void {
    for (let test = 0; test < slotCount * testsInSlot; test += 1) {
      const input = this.#tests.input(test);
      if (inputs.has(input)) this.#tests.set(test, input, this.#tests.threshold(test));
    }
  }

  /** A threshold between two recent points, so that it lies where the samples are. */
  #drawOne(test: number, { random, points }: Growing): void {
    const drawn = randomShares(random, this.#drawn);
    const input = indexAt(drawn[0]!, points.inputCount);
    const a = points.valueAt(drawn[1]!, input);
    const b = points.valueAt(drawn[2]!, input);
    const share = drawn[3]!;
    // Of two equal values the test is for exactly that one, from this side or that.
    const threshold = a === b ? a + (share < 0.5 ? -0.01 : 0.01) : a + share * (b - a);
    this.#tests.set(test, input, threshold);
  }
}

/** The first of the highest scores, or −1 where no test is judged yet. */
const indexOfBest = (scores: Float64Array): number => {
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i += 1) {
    const score = scores[i]!;
    if (score === Number.POSITIVE_INFINITY || score <= highest) continue;
    best = i;
    highest = score;
  }
  return best;
};

const leavesMax = 300;
const depthMax = 20;
/** Numbers that the candidates of one tree may take up. */
const numbersMax = 0x20_0000;
const checkedEvery = 10;
/** How clearly a test must be better than none: the gain, in units of the impurity per sample. */
const gainMin = 12;
/** How much of a leaf's own sums is kept at each sample, so that it follows a drift. */
const kept = 0.998;
const pointsMin = 10;
/** Every z-score lies below it, and above its negative. */
const always = 1e30;

/**
 * A decision tree that grows as samples come: a leaf tries many tests at once and splits by the
 * best as soon as it is clearly better than none. A. Saffari et al., "On-line Random Forests", 2009,
 * with tests that race instead of being fixed.
 */
export class Tree {
  #impurity: Impurity;
  #slotCount: number;
  readonly #candidates: Candidates;
  /** Of each node: the input that it tests, −1 in a leaf; its left child, which the right follows. */
  readonly #inputs = new Int32Array(2 * leavesMax).fill(-1);
  readonly #children = new Int32Array(2 * leavesMax);
  readonly #depths = new Int32Array(2 * leavesMax);
  readonly #seen = new Int32Array(2 * leavesMax);
  /** The slot of a leaf's candidates: −1 before it has any, −2 if none was free. */
  readonly #slots = new Int32Array(2 * leavesMax).fill(-1);
  readonly #thresholds = new Float32Array(2 * leavesMax);
  /** The sums of each node. */
  readonly #sums: GrowingMatrix<Float32Array>;
  #nodeCount = 1;
  #slotsUsed = 0;

  constructor(impurity: Impurity) {
    this.#impurity = impurity;
    this.#slotCount = slotsFor(impurity);
    this.#candidates = new Candidates(impurity);
    this.#sums = new GrowingMatrix(Float32Array, 2 * leavesMax, impurity.sumCount);
  }

  /** The leaf that a point falls into. */
  leafOf(z: Float64Array): number {
    let node = 0;
    for (;;) {
      const input = this.#inputs[node]!;
      if (input < 0) return node;
      const child = this.#children[node]!;
      node = z[input]! < this.#thresholds[node]! ? child : child + 1;
    }
  }

  /** One of the sums of a leaf. */
  sumOf(leaf: number, index: number): number {
    return this.#sums.values[leaf * this.#sums.stride + index]!;
  }

  /** Learns a sample that falls into a leaf. */
  learn(leaf: number, observation: Observation, growing: Growing): void {
    this.#addTo(leaf, observation);
    const slot = this.#slotOf(leaf, growing);
    if (slot < 0) return;
    this.#candidates.add(slot, observation);
    this.#seen[leaf]! += 1;
    if (this.#seen[leaf]! % checkedEvery !== 0) return;
    const split = this.#candidates.best(slot, gainMin);
    if (split && this.#hasRoom(leaf)) this.#split(leaf, split, growing);
    else this.#candidates.race(slot, growing);
  }

  /** Raises the number of classes. */
  grow(impurity: Impurity): void {
    this.#impurity = impurity;
    this.#slotCount = slotsFor(impurity);
    this.#candidates.grow(impurity, this.#slotCount);
    this.#sums.grow(2 * leavesMax, impurity.sumCount);
    if (this.#slotsUsed <= this.#slotCount) return;
    // With more classes fewer slots may fit.
    this.#slotsUsed = this.#slotCount;
    for (let node = 0; node < this.#nodeCount; node += 1)
      if (this.#slots[node]! >= this.#slotCount) this.#slots[node] = -2;
  }

  /**
   * Nothing depends on these inputs any more: a split by one sends all to the side of the newest
   * point, and tests of one begin again.
   */
  forget(inputs: readonly number[], points: RecentPoints): void {
    const forgotten = new Set(inputs);
    for (let node = 0; node < this.#nodeCount; node += 1) {
      const input = this.#inputs[node]!;
      if (!forgotten.has(input)) continue;
      const isLeft = points.newest(input) < this.#thresholds[node]!;
      this.#thresholds[node] = isLeft ? always : -always;
    }
    this.#candidates.forget(forgotten, this.#slotsUsed);
  }

  save(): Memory {
    return {
      nodes: [this.#inputs, this.#children, this.#depths, this.#seen, this.#slots].map((part) =>
        part.slice(0, this.#nodeCount),
      ),
      thresholds: this.#thresholds.slice(0, this.#nodeCount),
      sums: this.#sums.packed(this.#nodeCount),
      slotsUsed: this.#slotsUsed,
      candidates: this.#candidates.save(this.#slotsUsed),
    };
  }

  load(memory: Memory): void {
    const parts = [this.#inputs, this.#children, this.#depths, this.#seen, this.#slots];
    const nodes = listIn(memory, 'nodes', { of: int32s, length: parts.length });
    for (const [i, part] of parts.entries()) part.set(nodes[i]!);
    this.#thresholds.set(float32s(memory, 'thresholds'));
    this.#sums.setPacked(float32s(memory, 'sums'));
    this.#nodeCount = nodes[0]!.length;
    this.#slotsUsed = countIn(memory, 'slotsUsed');
    this.#candidates.load(memoryIn(memory, 'candidates'));
  }

  #addTo(leaf: number, { first, values }: Observation): void {
    const { values: sums, stride } = this.#sums;
    const { sumCount } = this.#impurity;
    const at = leaf * stride;
    for (let k = 0; k < sumCount; k += 1) sums[at + k]! *= kept;
    for (let k = 0; k < values.length; k += 1) sums[at + first + k]! += values[k]!;
  }

  #slotOf(leaf: number, growing: Growing): number {
    const slot = this.#slots[leaf]!;
    if (slot !== -1) return slot;
    if (growing.points.count < pointsMin) return -1;
    const isFull = this.#slotsUsed >= this.#slotCount;
    this.#slots[leaf] = isFull ? -2 : this.#slotsUsed;
    if (isFull) return -2;
    this.#candidates.draw(this.#slotsUsed, growing);
    this.#slotsUsed += 1;
    return this.#slots[leaf]!;
  }

  #hasRoom(leaf: number): boolean {
    return this.#nodeCount + 2 <= 2 * leavesMax && this.#depths[leaf]! < depthMax;
  }

  #split(leaf: number, { input, threshold, sides }: Split, growing: Growing): void {
    const slot = this.#slots[leaf]!;
    const left = this.#nodeCount;
    this.#nodeCount += 2;
    const { sumCount } = this.#impurity;
    this.#sums.row(left).set(sides.subarray(0, sumCount));
    this.#sums.row(left + 1).set(sides.subarray(sumCount));
    this.#inputs[leaf] = input;
    this.#thresholds[leaf] = threshold;
    this.#children[leaf] = left;
    this.#depths.fill(this.#depths[leaf]! + 1, left, left + 2);
    // The left child continues in its parent's slot.
    this.#slots[left] = slot;
    this.#candidates.draw(slot, growing);
  }
}

const slotsFor = ({ sumCount }: Impurity): number =>
  Math.max(1, Math.min(leavesMax, Math.floor(numbersMax / (testsInSlot * 2 * sumCount))));
