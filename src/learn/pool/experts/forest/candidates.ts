import { type RandomMemory, randomInteger, randomUniform } from '../../../../math/random.ts';
import type { Memory } from '../../../learner.ts';
import { RaceTests } from '../../kernel/race-tests.ts';
import type { Impurity } from './impurity.ts';
import type { RecentPoints } from './recent-points.ts';

/** Tests that each leaf tries at the same time. */
export const candidateCount = 64;
/** A test is judged after so many samples. */
const judgedAfter = 10;
const sideMin = 3;

/** What new tests are drawn from. */
export interface Growing {
  readonly random: RandomMemory;
  readonly points: RecentPoints;
}

/** A test of one input, and what it would gain. */
export interface Split {
  /** Which candidate of the leaf. */
  readonly index: number;
  readonly input: number;
  readonly threshold: number;
}

/**
 * The tests that the leaves of a tree are trying: input < threshold, with what fell on either side.
 * A leaf's tests lie in one slot; those that gain least are replaced by new random ones over and
 * over, so that in the end good thresholds are found among all.
 */
export class Candidates {
  readonly #impurity: Impurity;
  readonly #tests: RaceTests;
  readonly #slotCount: number;
  readonly #scores = new Float64Array(candidateCount);

  constructor(slotCount: number, impurity: Impurity) {
    this.#impurity = impurity;
    this.#slotCount = slotCount;
    const { sumCount } = impurity;
    this.#tests = new RaceTests({ testCount: slotCount * candidateCount, sumCount });
  }

  /** Fills a slot with new random tests. */
  draw(slot: number, growing: Growing): void {
    for (let i = 0; i < candidateCount; i += 1) this.#drawOne(slot, i, growing);
  }

  /** Adds what is not 0 of a sample's sums to the side of each test on which it falls. */
  add(slot: number, z: Float64Array, sums: Float64Array): void {
    const range = { first: slot * candidateCount, count: candidateCount };
    this.#tests.setPoint(z);
    for (let k = 0; k < sums.length; k += 1) {
      if (sums[k] !== 0) this.#tests.add(range, k, sums[k]!);
    }
  }

  /**
   * The best test of a slot, if it reduces the impurity by `gainMin` times the impurity divided by
   * the samples seen. Keeps the scores for {@link Candidates.race}.
   */
  best(slot: number, gainMin: number): Split | undefined {
    const { sums } = this.#tests;
    const { sumCount } = this.#impurity;
    let best = -1;
    let isEnough = false;
    for (let i = 0; i < candidateCount; i += 1) {
      const at = (slot * candidateCount + i) * 2 * sumCount;
      const left = this.#impurity.weight(sums, at);
      const right = this.#impurity.weight(sums, at + sumCount);
      const weight = left + right;
      // What has not been seen often enough is neither chosen nor replaced.
      this.#scores[i] = Number.POSITIVE_INFINITY;
      if (weight < judgedAfter) continue;
      const before = this.#impurity.ofBoth(sums, at, weight) * weight;
      const after =
        this.#impurity.of(sums, at, left) * left +
        this.#impurity.of(sums, at + sumCount, right) * right;
      const gain = Math.min(left, right) < sideMin ? 0 : before - after;
      this.#scores[i] = gain;
      if (best >= 0 && gain <= this.#scores[best]!) continue;
      best = i;
      isEnough = gain * weight > gainMin * before && before > 1e-6 * weight;
    }
    if (!isEnough) return undefined;
    const c = slot * candidateCount + best;
    return { index: best, input: this.#tests.input(c), threshold: this.#tests.threshold(c) };
  }

  /**
   * Of some pairs of judged tests the one that gains less is replaced by a new one. Follows
   * {@link Candidates.best}.
   */
  race(slot: number, growing: Growing): void {
    const { random } = growing;
    for (let pair = 0; pair < candidateCount / 4; pair += 1) {
      const a = randomInteger(random, candidateCount);
      const b = randomInteger(random, candidateCount);
      const loser = this.#scores[a]! < this.#scores[b]! ? a : b;
      const isJudged = Math.max(this.#scores[a]!, this.#scores[b]!) < Number.POSITIVE_INFINITY;
      if (!isJudged || a === b) continue;
      this.#drawOne(slot, loser, growing);
      // Once is enough: as long as it is new, it is in no race.
      this.#scores[loser] = Number.POSITIVE_INFINITY;
    }
  }

  /** Where the sums of the left side of a test lie; those of the right side follow. */
  sidesOf(slot: number, index: number): Float32Array {
    const { sumCount } = this.#impurity;
    const at = (slot * candidateCount + index) * 2 * sumCount;
    return this.#tests.sums.slice(at, at + 2 * sumCount);
  }

  /** A copy of the first slots. */
  save(slotCount: number): Memory {
    const count = slotCount * candidateCount;
    return {
      tests: this.#tests.saveTests(count),
      sums: this.#tests.sums.slice(0, count * 2 * this.#impurity.sumCount),
    };
  }

  load(memory: Memory): void {
    this.#tests.loadTests(memory['tests'] as Int32Array);
    this.#tests.sums.set(memory['sums'] as Float32Array);
  }

  /** Takes over as many slots as it has from candidates that had fewer sums. */
  take(old: Candidates): void {
    const count = Math.min(this.#slotCount, old.#slotCount) * candidateCount;
    this.#tests.loadTests(old.#tests.saveTests(count));
    const [from, to] = [old.#impurity.sumCount, this.#impurity.sumCount];
    for (let side = 0; side < 2 * count; side += 1) {
      const sums = old.#tests.sums.subarray(side * from, (side + 1) * from);
      this.#tests.sums.set(sums, side * to);
    }
  }

  /** A threshold between two recent points, so that it lies where the samples are. */
  #drawOne(slot: number, i: number, { random, points }: Growing): void {
    const c = slot * candidateCount + i;
    const input = randomInteger(random, points.inputCount);
    const a = points.draw(random, input);
    const b = points.draw(random, input);
    const share = randomUniform(random);
    // Of two equal values the test is for exactly that one, from this side or that.
    const threshold = a === b ? a + (share < 0.5 ? -0.01 : 0.01) : a + share * (b - a);
    this.#tests.set(c, input, threshold);
  }
}
