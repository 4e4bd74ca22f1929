import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import { logLanes, softplusLanes } from '../../../math/wasm/vector-functions.ts';
import type { Loss } from '../../loss.ts';

/** A loss as code: J and ∂J/∂h of four outputs. All arguments are kept values. */
export interface LossCode {
  cost(f: FunctionBuilder, h: F32x4, y: F32x4): F32x4;
  gradient(f: FunctionBuilder, h: F32x4, y: F32x4): F32x4;
  /** Names the code of a loss that is not built in. Default: the loss's name. */
  readonly key?: string;
}

const codeByLoss = new WeakMap<Loss, LossCode>();

/** Gives a loss that is not built in its code; a copy of the loss does not have it. */
export const setLossCode = (loss: Loss, code: LossCode): void => {
  codeByLoss.set(loss, code);
};

/** Whether the loss brought code of its own. */
export const hasOwnLossCode = (loss: Loss): boolean => codeByLoss.has(loss);

/** The code of a loss. */
export const lossCodeOf = (loss: Loss): LossCode =>
  codeByLoss.get(loss) ?? lossCodeByName[loss.name]!(loss.options ?? {});

/** Dividing by less would overflow. */
const least = 1e-30;

/** The built-in losses by name, given their options. */
export const lossCodeByName: Readonly<
  Record<string, (options: Readonly<Record<string, number>>) => LossCode>
> = {
  halfSquaredError: () => ({
    cost(f, h, y) {
      const error = f.keep(h.sub(y));
      return error.mul(error).mul(0.5);
    },
    gradient: (_f, h, y) => h.sub(y),
  }),
  huber: ({ delta = 1 }) => ({
    cost(f, h, y) {
      const size = f.keep(h.sub(y).abs());
      const line = size.sub(delta / 2).mul(delta);
      return F32x4.select(size.isGreater(delta), line, size.mul(size).mul(0.5));
    },
    gradient: (_f, h, y) => h.sub(y).max(-delta).min(delta),
  }),
  crossEntropy: () => ({
    cost: (f, h, y) => y.mul(logLanes(f, h)).neg(),
    gradient: (_f, h, y) => y.div(h.max(least)).neg(),
  }),
  binaryCrossEntropy: () => ({
    cost(f, h, y) {
      const whenTrue = f.keep(y.mul(logLanes(f, h)));
      const whenFalse = F32x4.splat(1)
        .sub(y)
        .mul(logLanes(f, F32x4.splat(1).sub(h)));
      return whenTrue.add(whenFalse).neg();
    },
    gradient(_f, h, y) {
      const one = F32x4.splat(1);
      return one
        .sub(y)
        .div(one.sub(h).max(least))
        .sub(y.div(h.max(least)));
    },
  }),
};

/** Four outputs of a layer whose δ is h − y. */
export interface FusedOutput {
  readonly z: F32x4;
  readonly y: F32x4;
  /** ln Σ e^z over the layer, where its activation is softmax. */
  readonly normaliser?: F32x4 | undefined;
}

/** J of four outputs from z. */
export type FusedCost = (f: FunctionBuilder, output: FusedOutput) => F32x4;

/** By the names of the losses that have an activation with δ = h − y. */
export const fusedCost: Readonly<Record<string, FusedCost>> = {
  crossEntropy: (_f, { z, y, normaliser }) => y.mul(normaliser!.sub(z)),
  binaryCrossEntropy: (f, { z, y }) => softplusLanes(f, z).sub(z.mul(y)),
};
