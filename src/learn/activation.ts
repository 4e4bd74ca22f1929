/**
 * f of the equations, with its slope. A plain object without memory.
 *
 * An activation works on a whole layer, so that softmax is one like the others.
 */
export interface Activation {
  readonly name: string;
  /** h = f(z): fills `h`, which may be `z` itself. */
  forward(z: Float64Array, h: Float64Array): void;
  /**
   * The product of ∂J/∂h with the slope at z: for most ∂J/∂h ∘ f′(z), for softmax with its
   * Jacobian. Fills `out`, which may be `gradient` itself.
   */
  backward(
    at: { z: Float64Array; h: Float64Array },
    gradient: Float64Array,
    out: Float64Array,
  ): void;
}
