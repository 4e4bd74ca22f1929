import type { Activation } from './activation.ts';

/** The cost J of one sample: a sum over its outputs. A plain object without memory. */
export interface Loss {
  readonly name: string;
  /** J of the prediction h for the target y. */
  cost(h: ArrayLike<number>, y: ArrayLike<number>): number;
  /** ∂J/∂h: fills `out`. */
  gradient(h: ArrayLike<number>, y: ArrayLike<number>, out: Float64Array): void;
  /**
   * Says with which output activation δ = h − y holds exactly. There the cost is computed from
   * z, so that h = 0 gives no NaN.
   */
  readonly fused?: {
    readonly activation: string;
    cost(z: Float64Array, y: ArrayLike<number>): number;
  };
}

/** The parts of the output layer that {@link Loss.fused} is about. */
export const isFused = (loss: Loss, activation: Activation): boolean =>
  loss.fused?.activation === activation.name;
