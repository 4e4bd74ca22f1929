import type { Sample } from '../sources/sample.ts';
import { backpropagate } from './equations.ts';
import type { Learner } from './learner.ts';
import { forwardPass, hiddenDeltas, type Passable, unitBuffers } from './passes.ts';

/**
 * Gradient times input: for each output k and input i, x_i ∂z_k/∂x_i, where z_k is the weighted sum
 * before the last activation. For a network without hidden layers it is exactly w_ki x_i. Returns
 * outputCount × inputCount numbers, row-major.
 */
export const explainNetwork = (network: Passable, x: ArrayLike<number>): Float64Array => {
  const sizes = [x.length, ...network.layers.map(({ biases }) => biases.length)];
  const { forward, deltas } = unitBuffers(sizes);
  forwardPass(network, x, forward);
  const outputCount = sizes.at(-1)!;
  const contributions = new Float64Array(outputCount * x.length);
  for (let k = 0; k < outputCount; k++) {
    deltas
      .at(-1)!
      .fill(0)
      .fill(1, k, k + 1);
    hiddenDeltas(network, forward, deltas);
    const row = contributions.subarray(k * x.length, (k + 1) * x.length);
    backpropagate(network.layers[0]!, deltas[0]!, row);
    for (let i = 0; i < x.length; i++) row[i]! *= x[i]!;
  }
  return contributions;
};

/**
 * How much each feature contributed to the prediction of a sample: outputCount × inputCount
 * numbers, row-major, in the unit of the weighted sums before the last activation (for classes: log
 * odds). Throws a TypeError where the learner cannot tell.
 */
export const explain = (learner: Learner, { x }: Pick<Sample, 'x'>): Float64Array => {
  if (learner.explain) return learner.explain(x);
  throw new TypeError('this learner has no explain(): it cannot tell why');
};
