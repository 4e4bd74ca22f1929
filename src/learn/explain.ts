import { backpropagate } from './equations.ts';
import { deltasBefore, forwardPass, type Passable } from './passes.ts';

/**
 * Gradient times input: for each output k and input i, x_i ∂z_k/∂x_i, where z_k is the weighted sum
 * before the last activation. For a network without hidden layers it is exactly w_ki x_i. Returns
 * outputCount × inputCount numbers, row-major.
 */
export const explainNetwork = (network: Passable, x: ArrayLike<number>): Float64Array => {
  const pass = forwardPass(network, x);
  const outputCount = pass.z.at(-1)!.length;
  const contributions = new Float64Array(outputCount * x.length);
  for (let k = 0; k < outputCount; k++) {
    const unit = new Float64Array(outputCount);
    unit[k] = 1;
    const [delta] = deltasBefore(network, pass, unit);
    const row = contributions.subarray(k * x.length, (k + 1) * x.length);
    backpropagate(network.layers[0]!, delta!, row);
    for (let i = 0; i < x.length; i++) row[i]! *= x[i]!;
  }
  return contributions;
};
