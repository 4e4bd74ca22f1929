import type { Activation } from './activation.ts';

/** The cost J of one sample: a sum over its outputs. A plain object without memory. */
export interface Loss {
  /** Shown in descriptions and written to checkpoints. */
  readonly name: string;
  /** The numbers it was made with, such as `{ delta: 1 }`: a kernel reads them. */
  readonly options?: Readonly<Record<string, number>>;
  /** J of the prediction h for the target y, one number per output each. */
  cost(h: ArrayLike<number>, y: ArrayLike<number>): number;
  /** ∂J/∂h: fills `out`, one number per output. */
  gradient(h: ArrayLike<number>, y: ArrayLike<number>, out: Float64Array): void;
  /** The output activation with which δ = h − y holds exactly, if there is one. */
  readonly fused?: {
    /** The name of that activation. */
    readonly activation: string;
    /** J computed from z, so that h = 0 gives no NaN. */
    cost(z: ArrayLike<number>, y: ArrayLike<number>): number;
  };
}

/** Whether δ = h − y for this pair, with J computed from z. */
export const isFused = (loss: Loss, activation: Activation): boolean =>
  loss.fused?.activation === activation.name;
