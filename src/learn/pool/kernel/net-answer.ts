import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import type { I32 } from '../../../math/wasm/scalars.ts';
import { expLanes } from '../../../math/wasm/vector-functions.ts';
import { type NetPlan, sampleAt } from './net-plan.ts';

/** What the outputs of a net are: probabilities of classes, or a standardised number. */
export type NetAnswer = 'classes' | 'number';

/** A number may be this far from its target before it counts as no further. */
const deltaMax = 3;

/** A smaller δ is 0: where a net is all but certain, squares of gradients would be denormal numbers. */
const deltaMin = 1e-18;

/** Probabilities in the place of the sums of the outputs: e^z / Σ e^z. */
export const emitSoftmax = (f: FunctionBuilder, plan: NetPlan, base: I32): void => {
  const places = placesOf(plan);
  const most = f.keep(F32x4.splat(lowest));
  for (const { at, isOutput } of places) {
    const sums = f.keep(F32x4.load(base, at));
    f.set(most, most.max(F32x4.select(isOutput(base), sums, F32x4.splat(lowest))));
  }
  const highest = f.keep(F32x4.splat(f.greatest(most)));
  const total = f.keep(F32x4.splat(0));
  for (const { at, isOutput } of places) {
    f.scope(() => {
      const power = f.keep(expLanes(f, F32x4.load(base, at).sub(highest)).and(isOutput(base)));
      f.store(base, at, power);
      f.set(total, total.add(power));
    });
  }
  const share = f.keep(F32x4.splat(1).div(F32x4.splat(f.sum(total))));
  for (const { at } of places) f.store(base, at, F32x4.load(base, at).mul(share));
};

/** δ = (h − y) · weight in the place of the answers. Of padding it is 0. */
export const answerDeltas = (
  f: FunctionBuilder,
  { plan, base, sample, answer }: { plan: NetPlan; base: I32; sample: I32; answer: NetAnswer },
): void => {
  const truth = f.keep(F32x4.loadSplat(sample, 4 * sampleAt.truth));
  const weight = f.keep(F32x4.loadSplat(sample, 4 * sampleAt.weight));
  for (const { at, indices, isOutput } of placesOf(plan)) {
    const y = answer === 'classes' ? indices.isEqual(truth).and(F32x4.splat(1)) : truth;
    const delta = f.keep(F32x4.load(base, at).sub(y).max(-deltaMax).min(deltaMax));
    const isNothing = delta.abs().isLess(deltaMin);
    f.store(base, at, delta.mul(weight).and(isOutput(base)).andNot(isNothing));
  }
};

const lowest = -1e30;

/** Four outputs. */
interface Place {
  /** Where they lie, in bytes. */
  readonly at: number;
  readonly indices: F32x4;
  /** A mask: which of them are outputs, and no padding. */
  readonly isOutput: (base: I32) => F32x4;
}

const placesOf = ({ outputs, outputAt, countAt }: NetPlan): Place[] =>
  Array.from({ length: outputs / 4 }, (_, v) => {
    const indices = F32x4.of(4 * v, 4 * v + 1, 4 * v + 2, 4 * v + 3);
    const isOutput = (base: I32): F32x4 => indices.isLess(F32x4.loadSplat(base, 4 * countAt));
    return { at: 4 * outputAt + 16 * v, indices, isOutput };
  });
