import type { Block } from '../../../math/wasm/arena.ts';
import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import { program } from '../../../math/wasm/program.ts';
import type { I32 } from '../../../math/wasm/scalars.ts';
import { eachActive, listActive } from './active-units.ts';
import { backward } from './net-backward.ts';
import { hiddenCount, type NetPlan, type Rows, rowHead, type Units } from './net-plan.ts';

/** How long the steps of a net are. */
export type StepRule = 'rms' | 'adagrad';

/** The compiled net. Addresses are in bytes; `end` is where the rows of its inputs end. */
export interface NetProgram {
  /** From the x of the input rows to the sums of the outputs. */
  forward(block: number, end: number): void;
  /** From δ, put in the place of the sums, to new weights. Follows `forward`. */
  backward(block: number, end: number, rate: number, decay: number): void;
}

/** The net of a plan, as code for the memory of a block. */
export const netProgram = (block: Block, plan: NetPlan, rule: StepRule): NetProgram =>
  program<NetProgram>(block, `skip net ${plan.outputs} ${rule}`, (module) => {
    module.export('forward', { takes: ['i32', 'i32'] }, (f, [base, end]) => {
      forward(f, plan, { base, end });
    });
    module.export(
      'backward',
      { takes: ['i32', 'i32', 'f32', 'f32'] },
      (f, [base, end, rate, decay]) => {
        backward(f, { plan, rule, base, end, rate: f.keep(F32x4.splat(rate)), decay });
      },
    );
  });

/** Where the net lies, and where the rows of its inputs end. */
export interface NetPlace {
  readonly base: I32;
  readonly end: I32;
}

const forward = (f: FunctionBuilder, plan: NetPlan, { base, end }: NetPlace): void => {
  const vectors = hiddenCount / 4;
  f.scope(() => {
    const sums = zeros(f, vectors);
    addInputs(f, { plan, base, end, sums, at: rowHead });
    for (const [v, sum] of sums.entries()) f.store(base, 4 * plan.first.at + 16 * v, sum.max(0));
  });
  addBias(f, base, plan.first);
  listActive(f, base, plan.first);
  f.scope(() => {
    const sums = zeros(f, vectors);
    addRows(f, { rows: plan.middle, units: plan.first, base, sums, at: rowHead });
    normalise(f, plan, base, sums);
  });
  addBias(f, base, plan.second);
  listActive(f, base, plan.second);
  for (let first = 0; first < plan.outputs / 4; first += 8) {
    f.scope(() => {
      const sums = zeros(f, Math.min(8, plan.outputs / 4 - first));
      addRows(f, { rows: plan.last, units: plan.second, base, sums, at: rowHead + 4 * first });
      addInputs(f, { plan, base, end, sums, at: rowHead + 2 * hiddenCount + 4 * first });
      for (const [v, sum] of sums.entries()) {
        f.store(base, 4 * plan.outputAt + 16 * (first + v), sum);
      }
    });
  }
};

interface Sums {
  readonly base: I32;
  readonly sums: readonly F32x4[];
  /** Where the weights of these sums begin in a row, in floats. */
  readonly at: number;
}

/** Adds x times its row of weights, for the bias and each input. */
const addInputs = (
  f: FunctionBuilder,
  { plan, base, end, sums, at }: Sums & { readonly plan: NetPlan; readonly end: I32 },
): void => {
  const { at: from, stride } = plan.inputs;
  f.loop({ from: base.add(4 * from), to: end, step: 4 * stride }, (row) => {
    addScaled(f, F32x4.loadSplat(row), { row, at, sums });
  });
};

/** Adds h times its row of weights, for each unit of the layer before that is not 0, and the bias. */
const addRows = (
  f: FunctionBuilder,
  { rows, units, base, sums, at }: Sums & { readonly rows: Rows; readonly units: Units },
): void => {
  eachActive(f, { base, activeAt: units.activeAt }, (unit) => {
    const row = f.keep(base.add(4 * rows.at).add(unit.mul(rows.stride)));
    addScaled(f, F32x4.loadSplat(base.add(unit), 4 * units.at), { row, at, sums });
  });
};

const addScaled = (
  f: FunctionBuilder,
  input: F32x4,
  { row, at, sums }: { row: I32; at: number; sums: readonly F32x4[] },
): void => {
  f.scope(() => {
    const scale = f.keep(input);
    for (const [v, sum] of sums.entries()) {
      f.set(sum, sum.add(scale.mul(F32x4.load(row, 4 * at + 16 * v))));
    }
  });
};

/** n = (z − mean)/deviation over the units of the layer; h = max(n, 0). Ba, Kiros, Hinton, 2016. */
const normalise = (f: FunctionBuilder, plan: NetPlan, base: I32, sums: readonly F32x4[]): void => {
  const mean = f.keep(F32x4.splat(f.sum(total(sums)).mul(1 / hiddenCount)));
  for (const sum of sums) f.set(sum, sum.sub(mean));
  const squares = f.sum(total(sums.map((sum) => sum.mul(sum))));
  const deviation = f.keep(
    squares
      .mul(1 / hiddenCount)
      .add(1e-5)
      .sqrt(),
  );
  f.store(base, 4 * plan.deviationAt, deviation);
  const scale = f.keep(F32x4.splat(1).div(F32x4.splat(deviation)));
  for (const [v, sum] of sums.entries()) {
    const normal = f.keep(sum.mul(scale));
    f.store(base, 4 * plan.normalAt + 16 * v, normal);
    f.store(base, 4 * plan.second.at + 16 * v, normal.max(0));
  }
};

const addBias = (f: FunctionBuilder, base: I32, { at }: Units): void =>
  f.store(base, 4 * (at + hiddenCount), F32x4.of(1, 0, 0, 0));

const zeros = (f: FunctionBuilder, count: number): F32x4[] =>
  Array.from({ length: count }, () => f.keep(F32x4.splat(0)));

const total = (vectors: readonly F32x4[]): F32x4 =>
  vectors.reduce((sum, vector) => sum.add(vector));
