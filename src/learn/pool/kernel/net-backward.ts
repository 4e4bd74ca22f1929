import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import type { I32 } from '../../../math/wasm/scalars.ts';
import { roughInverseRoot } from '../../../math/wasm/vector-functions.ts';
import { eachActive } from './active-units.ts';
import { eachInput, type NetPlace } from './each-input.ts';
import { directAt, hiddenCount, type NetPlan, type Rows, rowHead, type Units } from './net-plan.ts';

/**
 * The least memory of squares: it keeps slopes of nearly 0 from long steps, and means of squares from
 * decaying to denormal numbers, which are slow.
 */
const squareMin = 1e-16;

/** The least share of a new square in the mean of squares: it forgets as slowly as this. */
const decay = 0.001;

/** How long the steps of a net are. */
export type StepRule = 'rms' | 'adagrad';

/** What the way back is made from. */
export interface NetBackward extends NetPlace {
  readonly plan: NetPlan;
  readonly rule: StepRule;
  /** α, in all lanes. Kept. */
  readonly rate: F32x4;
}

/**
 * Backpropagation and the update in one pass over the weights: a row whose input is 0 has no gradient
 * and is skipped.
 */
export const backward = (f: FunctionBuilder, options: NetBackward): void => {
  const { plan, base } = options;
  const outputs = { at: plan.outputAt, count: plan.outputs };
  updateRows(f, options, {
    rows: plan.last,
    units: plan.second,
    deltas: outputs,
    gradientAt: plan.secondGradientAt,
  });
  normaliseBack(f, plan, base);
  updateRows(f, options, {
    rows: plan.middle,
    units: plan.first,
    deltas: { at: plan.secondGradientAt, count: hiddenCount },
    gradientAt: plan.firstGradientAt,
  });
  updateInputs(f, options, outputs);
};

interface Deltas {
  readonly at: number;
  readonly count: number;
}

interface RowUpdate {
  readonly rows: Rows;
  readonly units: Units;
  readonly deltas: Deltas;
  /** Where the gradient on the inputs of the rows goes. */
  readonly gradientAt: number;
}

const updateRows = (
  f: FunctionBuilder,
  options: NetBackward,
  { rows, units, deltas, gradientAt }: RowUpdate,
): void => {
  const { base } = options;
  for (let unit = 0; unit <= hiddenCount; unit += 4) {
    f.store(base, 4 * (gradientAt + unit), F32x4.splat(0));
  }
  eachActive(f, { base, activeAt: units.activeAt }, (unit) => {
    const row = f.keep(base.add(4 * rows.at).add(unit.mul(rows.stride)));
    const input = f.keep(F32x4.loadSplat(base.add(unit), 4 * units.at));
    const step = stepOf(f, options, row);
    const sum = f.keep(F32x4.splat(0));
    updateRow(f, { ...step, base, row, at: rowHead, input, deltas, sum });
    f.store(base.add(unit), 4 * gradientAt, f.sum(sum));
  });
};

/** The weights to the first layer, and the direct ones to the outputs. */
const updateInputs = (f: FunctionBuilder, options: NetBackward, outputs: Deltas): void => {
  const { plan, base } = options;
  const hidden = { at: plan.firstGradientAt, count: hiddenCount };
  eachInput(f, options, (row, x) => {
    const input = f.keep(F32x4.loadSplat(x));
    f.if(input.lane(0).equals(0).equals(0), () => {
      const step = stepOf(f, options, row);
      updateRow(f, { ...step, base, row, at: rowHead, input, deltas: hidden });
      updateRow(f, { ...step, base, row, at: directAt, input, deltas: outputs });
    });
  });
};

interface Step {
  readonly rate: F32x4;
  /** The share of a new square in the mean; absent where squares are added up. */
  readonly share?: F32x4;
}

/** A row's mean of squares begins as a plain mean, so that its first steps are no longer than others. */
const stepOf = (f: FunctionBuilder, { rule, rate }: NetBackward, row: I32): Step => {
  if (rule === 'adagrad') return { rate };
  const age = f.keep(F32x4.loadSplat(row).add(1));
  f.store(row, 0, age.lane(0));
  return { rate, share: f.keep(F32x4.splat(1).div(age).max(F32x4.splat(decay))) };
};

interface RowStep extends Step {
  readonly base: I32;
  readonly row: I32;
  /** Where the weights begin in the row; their memory follows them. */
  readonly at: number;
  readonly input: F32x4;
  readonly deltas: Deltas;
  /** Takes the sum of weight times δ, from before the update. */
  readonly sum?: F32x4;
}

const updateRow = (f: FunctionBuilder, step: RowStep): void => {
  const { base, row, at, input, deltas, sum, share, rate } = step;
  const length = f.keep(rate.mul(input));
  for (let v = 0; v < deltas.count / 4; v += 1) {
    f.scope(() => {
      const weightsAt = 4 * at + 16 * v;
      const memoryAt = weightsAt + 4 * deltas.count;
      const delta = f.keep(F32x4.load(base, 4 * deltas.at + 16 * v));
      const weights = f.keep(F32x4.load(row, weightsAt));
      if (sum) f.set(sum, sum.add(weights.mul(delta)));
      const slope = f.keep(delta.mul(input));
      const old = f.keep(F32x4.load(row, memoryAt));
      const square = slope.mul(slope);
      const moved = share ? old.add(share.mul(square.sub(old))) : old.add(square);
      const memory = f.keep(moved.max(squareMin));
      f.store(row, memoryAt, memory);
      const change = delta.mul(length).mul(roughInverseRoot(memory));
      f.store(row, weightsAt, weights.sub(change));
    });
  }
};

/** Through the rectifier and the normalisation: g ← (g − mean g − n · mean(g n))/deviation. */
const normaliseBack = (f: FunctionBuilder, plan: NetPlan, base: I32): void => {
  f.scope(() => {
    const at = 4 * plan.secondGradientAt;
    const vectors = hiddenCount / 4;
    const sum = f.keep(F32x4.splat(0));
    const product = f.keep(F32x4.splat(0));
    for (let v = 0; v < vectors; v += 1) {
      const gradient = f.keep(F32x4.load(base, at + 16 * v));
      f.set(sum, sum.add(gradient));
      f.set(product, product.add(gradient.mul(F32x4.load(base, 4 * plan.normalAt + 16 * v))));
    }
    const mean = f.keep(F32x4.splat(f.sum(sum).mul(1 / hiddenCount)));
    const slope = f.keep(F32x4.splat(f.sum(product).mul(1 / hiddenCount)));
    const scale = f.keep(F32x4.splat(1).div(F32x4.loadSplat(base, 4 * plan.deviationAt)));
    for (let v = 0; v < vectors; v += 1) {
      const normal = F32x4.load(base, 4 * plan.normalAt + 16 * v);
      const gradient = F32x4.load(base, at + 16 * v)
        .sub(mean)
        .sub(normal.mul(slope));
      f.store(base, at + 16 * v, gradient.mul(scale));
    }
  });
};
