import type { SkipNet } from './skip-net.ts';
import { skipDeltas, skipForward, skipWeights, timesTransposed } from './skip-net-passes.ts';

/**
 * Gradient times input of each output: outputs × inputs, row-major. The gradient goes through both
 * hidden layers and the normalisation, as in learning, and straight along the direct weights.
 */
export const explainSkipNet = (
  net: SkipNet,
  inputs: Float64Array,
  outputCount: number,
): Float64Array => {
  const weights = skipWeights(net);
  const pass = skipForward(weights, inputs);
  const width = inputs.length + 1;
  const shares = new Float64Array(outputCount * inputs.length);
  for (let k = 0; k < outputCount; k += 1) {
    const one = new Float64Array(outputCount).fill(1, k, k + 1);
    const gradient = timesTransposed(weights.first, skipDeltas(weights, pass, one).first, width);
    for (let i = 0; i < inputs.length; i += 1) {
      const whole = gradient[i]! + weights.direct[k * width + i]!;
      shares[k * inputs.length + i] = whole * inputs[i]!;
    }
  }
  return shares;
};
