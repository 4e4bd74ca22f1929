import { indexAt, type RandomMemory, randomShares } from '../../../../math/random.ts';
import type { Memory } from '../../../learner.ts';
import { testsInSlot } from '../../kernel/race-code.ts';
import { RaceTests } from '../../kernel/race-tests.ts';
import type { Impurity } from './impurity.ts';
import type { RecentPoints } from './recent-points.ts';

/** What new tests are drawn from. */
export interface Growing {
  readonly random: RandomMemory;
  readonly points: RecentPoints;
}

/** What a sample adds to the sums of a leaf. */
export interface Observation {
  readonly z: Float64Array;
  /** Which sum the first value is for; the others follow. The rest of the sums stay. */
  readonly first: number;
  readonly values: Float64Array;
}

/** A test of one input. */
export interface Split {
  readonly input: number;
  readonly threshold: number;
  /** The sums of what fell on its left side, then of the right side: until the next is asked for. */
  readonly sides: Float32Array;
}

/**
 * The tests that the leaves of a tree are trying: input < threshold, with what fell on either side.
 * A leaf's tests lie in one slot; those that gain least are replaced by new random ones over and
 * over, so that in the end good thresholds are found among all.
 */
export class Candidates {
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

  /** Makes room for more sums. Only the first slots stay. */
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
