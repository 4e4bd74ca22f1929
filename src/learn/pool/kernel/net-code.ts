import type { Block } from '../../../math/wasm/arena.ts';
import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import { program } from '../../../math/wasm/program.ts';
import type { I32 } from '../../../math/wasm/scalars.ts';
import { eachActive, markActive } from './active-units.ts';
import { eachInput, type NetPlace } from './each-input.ts';
import { answerDeltas, emitSoftmax, type NetAnswer } from './net-answer.ts';
import { backward, type StepRule } from './net-backward.ts';
import { directAt, hiddenCount, type NetPlan, type Rows, rowHead, type Units } from './net-plan.ts';

/** The compiled net. Addresses are in bytes; the rows of its inputs end where the sample begins. */
export type NetProgram = Forward & Backward;

interface Forward {
  /** From the inputs of the sample to the answers. */
  predict(block: number, sample: number): void;
}

interface Backward {
  /** From the truth of the sample, a class or a number, to new weights. Follows `predict`. */
  learn(block: number, sample: number): void;
}

/** What the code of a net depends on. */
export interface NetShape {
  readonly plan: NetPlan;
  readonly answer: NetAnswer;
  readonly rule: StepRule;
}

/** The net of a plan, as code for the memory of a block. */
export const netProgram = (block: Block, shape: NetShape): NetProgram => ({
  ...forwardProgram(block, shape),
  ...backwardProgram(block, shape),
});

/** It does not depend on the rule: where one function is called for all nets, a call costs less. */
const forwardProgram = (block: Block, { plan, answer }: NetShape): Forward =>
  program<Forward>(block, `skip net forward ${plan.outputs} ${answer}`, (module) => {
    module.export('predict', { takes: ['i32', 'i32'] }, (f, [base, sample]) => {
      forward(f, plan, { base, sample });
      if (answer === 'classes') emitSoftmax(f, plan, base);
    });
  });

const backwardProgram = (block: Block, { plan, answer, rule }: NetShape): Backward =>
  program<Backward>(block, `skip net backward ${plan.outputs} ${answer} ${rule}`, (module) => {
    module.export('learn', { takes: ['i32', 'i32'] }, (f, [base, sample]) => {
      answerDeltas(f, { plan, base, sample, answer });
      const rate = f.keep(F32x4.loadSplat(base, 4 * plan.rateAt));
      backward(f, { plan, rule, base, sample, rate });
    });
  });

/** Outputs whose direct sums are added up along with the first layer: more would leave registers. */
const alongVectors = 4;

const forward = (f: FunctionBuilder, plan: NetPlan, { base, sample }: NetPlace): void => {
  const outputVectors = plan.outputs / 4;
  const along = Math.min(alongVectors, outputVectors);
  f.scope(() => {
    const hidden = columns(f, rowHead, hiddenCount / 4);
    const direct = columns(f, directAt, along);
    addInputs(f, { plan, base, sample, sums: [...hidden, ...direct] });
    for (const [v, { sum }] of hidden.entries()) {
      f.store(base, 4 * plan.first.at + 16 * v, sum.max(0));
    }
    storeOutputs(f, { plan, base, first: 0, sums: direct });
  });
  for (let first = along; first < outputVectors; first += 8) {
    f.scope(() => {
      const sums = columns(f, directAt + 4 * first, Math.min(8, outputVectors - first));
      addInputs(f, { plan, base, sample, sums });
      storeOutputs(f, { plan, base, first, sums });
    });
  }
  addBias(f, base, plan.first);
  markActive(f, base, plan.first);
  f.scope(() => {
    const sums = columns(f, rowHead, hiddenCount / 4);
    addRows(f, { rows: plan.middle, units: plan.first, base, sums });
    normalise(
      f,
      plan,
      base,
      sums.map(({ sum }) => sum),
    );
  });
  addBias(f, base, plan.second);
  markActive(f, base, plan.second);
  for (let first = 0; first < outputVectors; first += 8) {
    f.scope(() => {
      const sums = columns(f, rowHead + 4 * first, Math.min(8, outputVectors - first));
      addRows(f, { rows: plan.last, units: plan.second, base, sums });
      const direct = (v: number): F32x4 => F32x4.load(base, 4 * plan.outputAt + 16 * (first + v));
      for (const [v, { sum }] of sums.entries()) f.set(sum, sum.add(direct(v)));
      storeOutputs(f, { plan, base, first, sums });
    });
  }
};

/** Four units that are added up, and where their weights lie in a row, in floats. */
interface Column {
  readonly at: number;
  readonly sum: F32x4;
}

const columns = (f: FunctionBuilder, at: number, count: number): Column[] =>
  Array.from({ length: count }, (_, v) => ({ at: at + 4 * v, sum: f.keep(F32x4.splat(0)) }));

interface Sums {
  readonly base: I32;
  readonly sums: readonly Column[];
}

/** Adds x times its row of weights, for the bias and each input. */
const addInputs = (
  f: FunctionBuilder,
  { plan, base, sample, sums }: Sums & NetPlace & { readonly plan: NetPlan },
): void => {
  eachInput(f, { plan, base, sample }, (row, x) => addScaled(f, F32x4.loadSplat(x), row, sums));
};

/** Adds h times its row of weights, for each unit of the layer before that is not 0, and the bias. */
const addRows = (
  f: FunctionBuilder,
  { rows, units, base, sums }: Sums & { readonly rows: Rows; readonly units: Units },
): void => {
  eachActive(f, { base, activeAt: units.activeAt }, (unit) => {
    const row = f.keep(base.add(4 * rows.at).add(unit.mul(rows.stride)));
    addScaled(f, F32x4.loadSplat(base.add(unit), 4 * units.at), row, sums);
  });
};

const addScaled = (f: FunctionBuilder, input: F32x4, row: I32, sums: readonly Column[]): void => {
  f.scope(() => {
    const scale = f.keep(input);
    for (const { at, sum } of sums) f.set(sum, sum.add(scale.mul(F32x4.load(row, 4 * at))));
  });
};

const storeOutputs = (
  f: FunctionBuilder,
  { plan, base, first, sums }: Sums & { readonly plan: NetPlan; readonly first: number },
): void => {
  for (const [v, { sum }] of sums.entries()) {
    f.store(base, 4 * plan.outputAt + 16 * (first + v), sum);
  }
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

/** In pairs: each addition waits for few others. */
const total = (vectors: readonly F32x4[]): F32x4 => {
  if (vectors.length === 1) return vectors[0]!;
  const half = vectors.length / 2;
  return total(vectors.slice(0, half)).add(total(vectors.slice(half)));
};
