import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import type { F32 } from '../../../math/wasm/scalars.ts';
import type { CorrectionCode, CorrectionInput } from './bias-correction-code.ts';

/** The step of an optimizer for one sample, as code. */
export interface StepCode {
  /** Gradients come multiplied by this already, and are then the change itself. */
  readonly scale?: F32x4;
  /** What to add to four parameters, and their memory afterwards. All arguments are kept. */
  change(at: StateSlot): { readonly change: F32x4; readonly memory: readonly F32x4[] };
}

/** Four parameters, their gradient and their memory. */
export interface StateSlot {
  readonly parameters: F32x4;
  readonly gradient: F32x4;
  readonly memory: readonly F32x4[];
}

/** What a step is made from. */
export interface StepInput extends CorrectionInput {
  /** α times the factor of the schedule. */
  readonly rate: F32;
}

/** An optimizer as code. */
export interface OptimizerCode {
  /** The arrays of its memory, as the reference names them. */
  readonly memory: readonly string[];
  /** The decays whose bias is corrected. */
  readonly decays: readonly number[];
  /** Code at the beginning of each sample, then the step. */
  prepare(f: FunctionBuilder, input: StepInput): StepCode;
}

type Options = Readonly<Record<string, number | boolean>>;

/** Denormal numbers are slow, and cannot be flushed: what decays towards zero ends here. */
const squareMin = 1e-30;
const velocityMin = 1e-30;

const flushed = (f: FunctionBuilder, x: F32x4): F32x4 => {
  const kept = f.keep(x);
  return f.keep(kept.and(kept.abs().isGreater(velocityMin)));
};

const sgd = (): OptimizerCode => ({
  memory: [],
  decays: [],
  prepare: (f, { rate }) => ({
    scale: f.keep(F32x4.splat(rate.neg())),
    change: ({ gradient }) => ({ change: gradient, memory: [] }),
  }),
});

/** Momentum, and Nesterov's, which looks one step ahead. */
const heavyBall =
  (direction: (velocity: F32x4, gradient: F32x4, kept: number) => F32x4) =>
  ({ momentum }: Options): OptimizerCode => ({
    memory: ['velocity'],
    decays: [],
    prepare(f, { rate }) {
      const kept = momentum as number;
      const step = f.keep(F32x4.splat(rate.neg()));
      return {
        change({ gradient, memory }) {
          const velocity = flushed(f, memory[0]!.mul(kept).add(gradient));
          return { change: direction(velocity, gradient, kept).mul(step), memory: [velocity] };
        },
      };
    },
  });

const adagrad = ({ epsilon }: Options): OptimizerCode => ({
  memory: ['squares'],
  decays: [],
  prepare(f, { rate }) {
    const step = f.keep(F32x4.splat(rate.neg()));
    return {
      change({ gradient, memory }) {
        const squares = f.keep(memory[0]!.add(gradient.mul(gradient)));
        // With epsilon 0 and no gradient yet, 0/0 would be NaN.
        const root = squares
          .max(squareMin)
          .sqrt()
          .add(epsilon as number);
        return { change: gradient.mul(step).div(root), memory: [squares] };
      },
    };
  },
});

const rmsprop = (
  { decay, epsilon, biasCorrection }: Options,
  correction: CorrectionCode,
): OptimizerCode => {
  const beta = decay as number;
  const decays = biasCorrection ? [beta] : [];
  return {
    memory: ['squares'],
    decays,
    prepare(f, input) {
      const step = f.keep(F32x4.splat(input.rate.neg()));
      const corrected = correction(f, input, decays);
      return {
        change({ gradient, memory: [old, ...own] }) {
          const squares = f.keep(meanOfSquares(old!, gradient, beta));
          const { inverses, memory } = corrected(own);
          const unbiased = inverses[0] ? squares.mul(inverses[0]) : squares;
          const root = unbiased.sqrt().add(epsilon as number);
          return { change: gradient.mul(step).div(root), memory: [squares, ...memory] };
        },
      };
    },
  };
};

const adam = ({ beta1, beta2, epsilon }: Options, correction: CorrectionCode): OptimizerCode => {
  const [kept, keptSquares] = [beta1 as number, beta2 as number];
  return {
    memory: ['means', 'squares'],
    decays: [kept, keptSquares],
    prepare(f, input) {
      const step = f.keep(F32x4.splat(input.rate.neg()));
      const corrected = correction(f, input, [kept, keptSquares]);
      return {
        change({ gradient, memory: [oldMeans, oldSquares, ...own] }) {
          const means = flushed(f, oldMeans!.mul(kept).add(gradient.mul(1 - kept)));
          const squares = f.keep(meanOfSquares(oldSquares!, gradient, keptSquares));
          const { inverses, memory } = corrected(own);
          const root = squares
            .mul(inverses[1]!)
            .sqrt()
            .add(epsilon as number);
          const change = means.mul(step).mul(inverses[0]!).div(root);
          return { change, memory: [means, squares, ...memory] };
        },
      };
    },
  };
};

const adamw = (options: Options, correction: CorrectionCode): OptimizerCode => {
  const inner = adam(options, correction);
  return {
    ...inner,
    prepare(f, input) {
      const step = inner.prepare(f, input);
      const decay = f.keep(F32x4.splat(input.rate.mul(-(options['weightDecay'] as number))));
      return {
        change(slot) {
          const { change, memory } = step.change(slot);
          return { change: change.add(slot.parameters.mul(decay)), memory };
        },
      };
    },
  };
};

const meanOfSquares = (squares: F32x4, gradient: F32x4, decay: number): F32x4 =>
  squares
    .mul(decay)
    .add(gradient.mul(gradient).mul(1 - decay))
    .max(squareMin);

/** The built-in optimizers by name, given their options. */
export const optimizerCode: Readonly<
  Record<string, (options: Options, correction: CorrectionCode) => OptimizerCode>
> = {
  sgd,
  momentum: heavyBall((velocity) => velocity),
  nesterov: heavyBall((velocity, gradient, kept) => velocity.mul(kept).add(gradient)),
  adagrad,
  rmsprop,
  adam,
  adamw,
};
