import type { Block } from '../../../math/wasm/arena.ts';
import { F32x4 } from '../../../math/wasm/f32x4.ts';
import { F64x2 } from '../../../math/wasm/f64x2.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import { program } from '../../../math/wasm/program.ts';
import { F32, I32 } from '../../../math/wasm/scalars.ts';

/** Tests that race in one slot. */
export const testsInSlot = 64;
/** Bytes of one float for each of them. */
const side = 4 * testsInSlot;
/** A test is judged after 10 samples, and gains nothing with fewer than 3 on a side. */
const judgedAfter = 10;
const sideMin = 3;

/**
 * What is done with all tests of a slot at once. Addresses in bytes. A slot of tests is the address
 * of an input in the point for each of them (i32), then a threshold for each. A slot of sums has, for
 * each sum, that of the left side of all tests, then that of the right side.
 */
export interface RaceProgram {
  /** Adds the weight of a class to the side of each test on which the point falls. */
  addWeight(tests: number, point: number, sums: number, weight: number): void;
  /** The same with n, Σy and Σy². */
  addNumbers(
    tests: number,
    point: number,
    sums: number,
    count: number,
    sum: number,
    squares: number,
  ): void;
  /** Scores, as doubles, of sums that are the weights of classes. `end` is where they end. */
  scoreClasses(sums: number, end: number, scores: number): void;
  /** Scores of sums that are n, Σy and Σy². */
  scoreNumbers(sums: number, end: number, scores: number): void;
}

/** Compiled once: without branches on what is in the samples, which nothing could predict. */
export const raceProgram = (block: Block): RaceProgram =>
  program<RaceProgram>(block, 'race of tests', (module) => {
    const weighed = ['i32', 'i32', 'i32', 'f32'] as const;
    module.export('addWeight', { takes: weighed }, (f, [tests, point, sums, weight]) => {
      add(f, { tests, point, sums, values: [weight] });
    });
    const numbers = ['i32', 'i32', 'i32', 'f32', 'f32', 'f32'] as const;
    module.export('addNumbers', { takes: numbers }, (f, [tests, point, sums, ...values]) => {
      add(f, { tests, point, sums, values });
    });
    const scored = ['i32', 'i32', 'i32'] as const;
    module.export('scoreClasses', { takes: scored }, (f, [sums, end, scores]) => {
      eachPair(f, sums, scores, (first) => {
        const [left, right] = [sidesOfNothing(f), sidesOfNothing(f)];
        const both = f.keep(F64x2.splat(0));
        f.loop({ from: first, to: end, step: 2 * side }, (sum) => {
          const [l, r] = [f.keep(F64x2.loadFloats(sum)), f.keep(F64x2.loadFloats(sum, side))];
          addTo(f, left, l);
          addTo(f, right, r);
          const whole = f.keep(l.add(r));
          f.set(both, both.add(whole.mul(whole)));
        });
        return scoreOf(f, { left, right, both });
      });
    });
    module.export('scoreNumbers', { takes: scored }, (f, [sums, , scores]) => {
      eachPair(f, sums, scores, (first) => {
        const [l, r] = [0, side].map((offset) =>
          f.keep(F64x2.loadFloats(first, 2 * side + offset)),
        ) as [F64x2, F64x2];
        const whole = f.keep(l.add(r));
        return scoreOf(f, {
          left: { weight: f.keep(F64x2.loadFloats(first)), squares: l.mul(l) },
          right: { weight: f.keep(F64x2.loadFloats(first, side)), squares: r.mul(r) },
          both: whole.mul(whole),
        });
      });
    });
  });

interface Adding {
  readonly tests: I32;
  readonly point: I32;
  readonly sums: I32;
  /** What is added to as many sums. */
  readonly values: readonly F32[];
}

const add = (f: FunctionBuilder, { tests, point, sums, values }: Adding): void => {
  const amounts = values.map((value) => f.keep(F32x4.splat(value)));
  const sum = f.keep(sums);
  f.loop({ from: tests, to: tests.add(side), step: 16 }, (at) => {
    f.scope(() => {
      const isLeft = f.keep(gather(f, point, at).isLess(F32x4.load(at, side)));
      for (const [k, amount] of amounts.entries()) {
        const [left, right] = [2 * side * k, 2 * side * k + side];
        f.store(sum, left, F32x4.load(sum, left).add(amount.and(isLeft)));
        f.store(sum, right, F32x4.load(sum, right).add(amount.andNot(isLeft)));
      }
      f.set(sum, sum.add(16));
    });
  });
};

/** The inputs of the point that four tests ask for. */
const gather = (f: FunctionBuilder, point: I32, tests: I32): F32x4 => {
  const inputOf = (test: number): I32 => point.add(I32.load(tests, 4 * test));
  const lanes = f.keep(F32x4.loadSplat(inputOf(0)));
  for (const test of [1, 2, 3]) f.set(lanes, lanes.withLane(test, F32.load(inputOf(test))));
  return lanes;
};

/** Runs the body for two tests at a time, and writes the scores that it returns. */
const eachPair = (
  f: FunctionBuilder,
  sums: I32,
  scores: I32,
  body: (first: I32) => F64x2,
): void => {
  const out = f.keep(scores);
  f.loop({ from: sums, to: sums.add(side), step: 8 }, (first) => {
    f.scope(() => f.store(out, 0, body(first)));
    f.set(out, out.add(16));
  });
};

/** One side of two tests: what fell on it weighs so much, and the sum of its squared sums. */
interface Side {
  readonly weight: F64x2;
  readonly squares: F64x2;
}

const sidesOfNothing = (f: FunctionBuilder): Side => ({
  weight: f.keep(F64x2.splat(0)),
  squares: f.keep(F64x2.splat(0)),
});

const addTo = (f: FunctionBuilder, { weight, squares }: Side, sum: F64x2): void => {
  f.set(weight, weight.add(sum));
  f.set(squares, squares.add(sum.mul(sum)));
};

/**
 * How much purer the sides are than both together: Σs²/w of each side less that of both. It is the
 * fall of the impurity times the weight, Gini's or the variance, since the rest of either is the same
 * before and after.
 */
const scoreOf = (
  f: FunctionBuilder,
  { left, right, both }: { left: Side; right: Side; both: F64x2 },
): F64x2 => {
  const weight = f.keep(left.weight.add(right.weight));
  const purity = left.squares.div(left.weight).add(right.squares.div(right.weight));
  const isSeen = F64x2.splat(sideMin).isAtMost(left.weight.min(right.weight));
  const gain = f.keep(purity.sub(both.div(weight)).and(isSeen));
  // What has not been seen often enough is neither chosen nor replaced.
  const isNew = weight.isLess(judgedAfter);
  return F64x2.select(isNew, F64x2.splat(Number.POSITIVE_INFINITY), gain);
};
