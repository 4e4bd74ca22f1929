import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import {
  expLanes,
  logLanes,
  sigmoidLanes,
  softplusLanes,
  tanhLanes,
} from '../../../math/wasm/vector-functions.ts';
import { type WalkPlace, walk } from '../../../math/wasm/walk.ts';
import type { Activation } from '../../activation.ts';

/** An activation that treats every unit alike, as code. */
export interface ElementwiseCode {
  /** h = f(z). */
  value(f: FunctionBuilder, z: F32x4): F32x4;
  /** ∂J/∂h ∘ f′(z), from h, and from z where {@link ElementwiseCode.needsZ} says so. */
  backward(f: FunctionBuilder, gradient: F32x4, h: F32x4, z: WalkPlace): F32x4;
  /** Whether `backward` reads z, so that a hidden layer must store it. Default false. */
  readonly needsZ?: boolean;
  /** Names the code of an activation that is not built in. Default: the activation's name. */
  readonly key?: string;
}

const codeByActivation = new WeakMap<Activation, ElementwiseCode>();

/** Gives an activation that is not built in its code; a copy of the activation does not have it. */
export const setActivationCode = (activation: Activation, code: ElementwiseCode): void => {
  codeByActivation.set(activation, code);
};

/** Whether the activation brought code of its own. */
export const hasOwnActivationCode = (activation: Activation): boolean =>
  codeByActivation.has(activation);

/** The code of an activation; undefined for softmax, which works on a whole layer. */
export const activationCode = (activation: Activation): ElementwiseCode | undefined =>
  codeByActivation.get(activation) ?? elementwiseCode[activation.name];

const leakySlope = 0.01;

/** The built-in activations but softmax, by name. `h` is always a kept value. */
export const elementwiseCode: Readonly<Record<string, ElementwiseCode>> = {
  identity: { value: (_f, z) => z, backward: (_f, gradient) => gradient },
  sigmoid: {
    value: sigmoidLanes,
    backward: (_f, gradient, h) => gradient.mul(h.mul(F32x4.splat(1).sub(h))),
  },
  tanh: {
    value: tanhLanes,
    backward: (_f, gradient, h) => gradient.mul(F32x4.splat(1).sub(h.mul(h))),
  },
  relu: {
    value: (_f, z) => z.max(0),
    backward: (_f, gradient, h) => gradient.and(h.isGreater(0)),
  },
  leakyRelu: {
    value(f, z) {
      const kept = f.keep(z);
      return F32x4.select(kept.isGreater(0), kept, kept.mul(leakySlope));
    },
    backward(f, gradient, h) {
      const kept = f.keep(gradient);
      return F32x4.select(h.isGreater(0), kept, kept.mul(leakySlope));
    },
  },
  softplus: {
    value: softplusLanes,
    // f′(z) = 1/(1 + e^−z) = 1 − e^−h.
    backward: (f, gradient, h) => gradient.mul(F32x4.splat(1).sub(expLanes(f, h.neg()))),
  },
};

/** The vectors of one layer that softmax works on. */
export interface SoftmaxLayer {
  readonly vectors: number;
  readonly z: WalkPlace;
  readonly h: WalkPlace;
  readonly masks: WalkPlace;
}

/** Far below every z, yet finite: a unit that is not in use gets no probability. */
const unused = -3e38;

/** h = softmax(z) over a whole layer. Returns ln Σ e^z, four times the same. */
export const softmaxForward = (f: FunctionBuilder, layer: SoftmaxLayer): F32x4 => {
  const { vectors, z, h, masks } = layer;
  const largest = f.keep(F32x4.splat(unused));
  const tracks = [z, masks, h].map((from) => ({ from, stride: 16 }));
  walk(f, { count: vectors, unroll: 4, tracks }, ([at, mask]) => {
    // In this order a NaN wins, and comes out as the cost.
    f.set(largest, F32x4.select(mask!.load(), at!.load(), F32x4.splat(unused)).max(largest));
  });
  spread(f, largest, (a, b) => a.max(b));
  const total = f.keep(F32x4.splat(0));
  walk(f, { count: vectors, unroll: 2, tracks }, ([at, mask, to]) => {
    const power = f.keep(expLanes(f, at!.load().sub(largest)).and(mask!.load()));
    f.store(to!.address, to!.offset, power);
    f.set(total, total.add(power));
  });
  spread(f, total, (a, b) => a.add(b));
  const scale = f.keep(F32x4.splat(1).div(total));
  walk(f, { count: vectors, unroll: 4, tracks: [{ from: h, stride: 16 }] }, ([at]) => {
    f.store(at!.address, at!.offset, at!.load().mul(scale));
  });
  return f.keep(largest.add(logLanes(f, total)));
};

/** ∂J/∂z = h ∘ (∂J/∂h − Σ h ∂J/∂h), in place of ∂J/∂h. */
export const softmaxBackward = (
  f: FunctionBuilder,
  { vectors, h, gradients }: { vectors: number; h: WalkPlace; gradients: WalkPlace },
): void => {
  const mean = f.keep(F32x4.splat(0));
  const tracks = [h, gradients].map((from) => ({ from, stride: 16 }));
  walk(f, { count: vectors, unroll: 4, tracks }, ([at, gradient]) => {
    f.set(mean, mean.add(at!.load().mul(gradient!.load())));
  });
  spread(f, mean, (a, b) => a.add(b));
  walk(f, { count: vectors, unroll: 4, tracks }, ([at, gradient]) => {
    const delta = at!.load().mul(gradient!.load().sub(mean));
    f.store(gradient!.address, gradient!.offset, delta);
  });
};

/** Combines the four lanes of a kept vector, and puts the result into all of them. */
export const spread = (
  f: FunctionBuilder,
  kept: F32x4,
  combine: (a: F32x4, b: F32x4) => F32x4,
): void => {
  f.set(kept, combine(kept, F32x4.shuffle(kept, kept, [2, 3, 0, 1])));
  f.set(kept, combine(kept, F32x4.shuffle(kept, kept, [1, 0, 3, 2])));
};
