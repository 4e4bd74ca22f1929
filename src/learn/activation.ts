/** z and h of one layer. */
export interface LayerState {
  /** Its weighted sums z = W h + b, one per unit. */
  readonly z: Float64Array;
  /** Its outputs h = f(z), one per unit. */
  readonly h: Float64Array;
}

/**
 * f of the equations, with its slope. A plain object without memory.
 *
 * An activation works on a whole layer, so that softmax is one like the others.
 */
export interface Activation {
  /** Shown in descriptions and written to checkpoints. */
  readonly name: string;
  /** h = f(z): fills `h`, one number per unit as `z`, which may be the same array. */
  forward(z: Float64Array, h: Float64Array): void;
  /**
   * ∂J/∂z from ∂J/∂h: for most activations ∂J/∂h ∘ f′(z), for softmax the product with its Jacobian.
   * Fills `out`, one number per unit as `gradient`, which may be the same array.
   */
  backward(layer: LayerState, gradient: Float64Array, out: Float64Array): void;
}

/** The slope f′ at one unit, from its z and its h, whichever is cheaper. */
export type Derivative = (z: number, h: number) => number;

/** An activation that treats every unit alike: h_i = f(z_i). */
export const elementwise = (
  name: string,
  value: (z: number) => number,
  derivative: Derivative,
): Activation => ({
  name,
  forward(z, h) {
    for (let i = 0; i < z.length; i++) h[i] = value(z[i]!);
  },
  backward({ z, h }, gradient, out) {
    for (let i = 0; i < z.length; i++) out[i] = gradient[i]! * derivative(z[i]!, h[i]!);
  },
});
