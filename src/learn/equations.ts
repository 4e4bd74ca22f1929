/**
 * The equations of a network, one function each, for one layer: numbers in, numbers out, in place.
 * Weights are row-major: s_{l+1} rows (one an output) of s_l columns (one an input).
 */

/** W and b of one layer. */
export interface Layer {
  /** W^(l): s_{l+1} × s_l, row-major. */
  readonly weights: Float64Array;
  /** b^(l): s_{l+1}. */
  readonly biases: Float64Array;
}

/** Forward: z^(l+1) = W^(l) h^(l) + b^(l). Fills `z`. */
export const weightedSums = (
  { weights, biases }: Layer,
  h: ArrayLike<number>,
  z: Float64Array,
): void => {
  const inputCount = h.length;
  for (let j = 0; j < z.length; j++) {
    const row = j * inputCount;
    let sum = biases[j]!;
    for (let i = 0; i < inputCount; i++) sum += weights[row + i]! * h[i]!;
    z[j] = sum;
  }
};

/**
 * Hidden delta, before the slope: (W^(l))ᵀ δ^(l+1), which is ∂J/∂h^(l). Fills `out`. The activation's
 * `backward` then multiplies by f′(z^(l)).
 */
export const backpropagate = ({ weights }: Layer, delta: Float64Array, out: Float64Array): void => {
  const inputCount = out.length;
  out.fill(0);
  for (let j = 0; j < delta.length; j++) {
    const row = j * inputCount;
    const scale = delta[j]!;
    for (let i = 0; i < inputCount; i++) out[i]! += weights[row + i]! * scale;
  }
};

/** Gradients: ∂J/∂W^(l) = δ^(l+1) (h^(l))ᵀ and ∂J/∂b^(l) = δ^(l+1). Fills `gradient`. */
export const gradients = (delta: Float64Array, h: ArrayLike<number>, gradient: Layer): void => {
  const inputCount = h.length;
  for (let j = 0; j < delta.length; j++) {
    const row = j * inputCount;
    const scale = delta[j]!;
    for (let i = 0; i < inputCount; i++) gradient.weights[row + i] = scale * h[i]!;
    gradient.biases[j] = scale;
  }
};
