import type { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import type { WalkPlace } from '../../../math/wasm/walk.ts';
import type { WeightVisitor } from './backward.ts';
import type { StepCode } from './optimizer-code.ts';

/** The limits and penalties of a network beside its optimizer. */
export interface UpdateLimits {
  readonly weightDecay: number;
  readonly gradientClip: number;
  readonly outputChangeCap: number;
}

/** How parameters are changed, and what was found out about the whole gradient before that. */
export interface UpdateCode extends UpdateLimits {
  readonly step: StepCode;
  /** Bytes from a parameter to its place in each array of the optimizer's memory. */
  readonly memoryOffsets: readonly number[];
  /** By how much the whole gradient is scaled down. Absent: not at all. */
  readonly clip?: F32x4;
  /** By how much all changes are scaled down. Absent: not at all. */
  readonly cap?: F32x4;
}

/** Weights decay, biases do not. */
export type ParameterKind = 'weights' | 'biases';

/** Changes each parameter that it visits. */
export const updating = (
  f: FunctionBuilder,
  update: UpdateCode,
  kind: ParameterKind,
): WeightVisitor => ({
  scale: gradientScale(f, update, kind),
  visit(parameters, gradient, at) {
    const { change, memory } = changeOf(f, update, { kind, parameters, gradient, at });
    f.store(at.address, at.offset, parameters.add(update.cap ? change.mul(update.cap) : change));
    for (const [index, value] of memory.entries()) {
      const own = at.plus(update.memoryOffsets[index]!);
      f.store(own.address, own.offset, value);
    }
  },
});

/** Adds up the squares of the gradient, for its norm. */
export const addingSquares = (
  f: FunctionBuilder,
  update: UpdateCode,
  { kind, sum }: { kind: ParameterKind; sum: F32x4 },
): WeightVisitor => ({
  visit(parameters, gradient) {
    const whole = f.keep(decayed(update, { kind, parameters, gradient }));
    f.set(sum, sum.add(whole.mul(whole)));
  },
});

/** Adds up −gradient · change: how far J falls by the update, to first order. */
export const addingChanges = (
  f: FunctionBuilder,
  update: UpdateCode,
  { kind, sum }: { kind: ParameterKind; sum: F32x4 },
): WeightVisitor => ({
  visit(parameters, gradient, at) {
    const raw = f.keep(gradient);
    const { change } = changeOf(f, update, { kind, parameters, gradient: raw, at });
    f.set(
      sum,
      sum.sub(clipped(update, decayed(update, { kind, parameters, gradient: raw })).mul(change)),
    );
  },
});

interface Visited {
  readonly kind: ParameterKind;
  readonly parameters: F32x4;
  readonly gradient: F32x4;
}

const decayed = ({ weightDecay }: UpdateCode, { kind, parameters, gradient }: Visited): F32x4 =>
  weightDecay > 0 && kind === 'weights' ? gradient.add(parameters.mul(weightDecay)) : gradient;

const clipped = ({ clip }: UpdateCode, gradient: F32x4): F32x4 =>
  clip ? gradient.mul(clip) : gradient;

/** Whether the gradient may come multiplied by everything, and then be the change itself. */
const isLinear = (
  { step, weightDecay, outputChangeCap }: UpdateCode,
  kind: ParameterKind,
): boolean =>
  step.scale !== undefined && (weightDecay === 0 || kind === 'biases') && outputChangeCap === 0;

const gradientScale = (
  f: FunctionBuilder,
  update: UpdateCode,
  kind: ParameterKind,
): F32x4 | undefined => {
  const { step, clip } = update;
  if (!isLinear(update, kind)) return undefined;
  return clip ? f.keep(step.scale!.mul(clip)) : step.scale;
};

const changeOf = (
  f: FunctionBuilder,
  update: UpdateCode,
  { at, ...visited }: Visited & { readonly at: WalkPlace },
): ReturnType<StepCode['change']> => {
  const { step, memoryOffsets } = update;
  const { kind, parameters } = visited;
  if (isLinear(update, kind)) return step.change({ ...visited, memory: [] });
  const whole = clipped(update, decayed(update, visited));
  const gradient = f.keep(step.scale ? whole.mul(step.scale) : whole);
  const memory = memoryOffsets.map((offset) => f.keep(at.plus(offset).load()));
  return step.change({ parameters, gradient, memory });
};
