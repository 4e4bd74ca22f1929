import { sumOfSquares, TensorMeter, type TensorReport } from '../../inspection.ts';
import { hiddenCount } from './net-plan.ts';
import type { SkipNet } from './skip-net.ts';
import { skipDeltas, skipForward, skipWeights } from './skip-net-passes.ts';

/** A sample as a net sees it. */
export interface SkipNetSample {
  readonly inputs: Float64Array;
  /** Turns the sums of the outputs into their δ, in place. */
  readonly toDeltas: (sums: Float64Array) => void;
}

/** Reports on the tensors of a net, by the names that its expert shows them under. */
export const inspectSkipNet = (net: SkipNet, samples: readonly SkipNetSample[]): TensorReport[] => {
  const weights = skipWeights(net);
  const first = new TensorMeter('l0.W', hiddenCount);
  const second = new TensorMeter('l1.W', hiddenCount);
  const output = new TensorMeter('l2.W');
  const direct = new TensorMeter('direct.W');
  for (const { inputs, toDeltas } of samples) {
    const pass = skipForward(weights, inputs);
    const deltas = pass.sums.slice();
    toDeltas(deltas);
    const hidden = skipDeltas(weights, pass, deltas);
    const x = sumOfSquares(pass.x);
    first.add(sumOfSquares(hidden.first) * x, pass.h1.subarray(0, -1).map(slopeOf));
    second.add(sumOfSquares(hidden.second) * sumOfSquares(pass.h1), pass.normal.map(slopeOf));
    output.add(sumOfSquares(deltas) * sumOfSquares(pass.h2));
    direct.add(sumOfSquares(deltas) * x);
  }
  return [first, second, output, direct].map((meter) => meter.report());
};

/** Of a rectifier. */
const slopeOf = (value: number): number => (value > 0 ? 1 : 0);
