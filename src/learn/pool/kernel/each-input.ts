import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import type { I32 } from '../../../math/wasm/scalars.ts';
import { type NetPlan, sampleAt } from './net-plan.ts';

/** Where the net lies, and where the sample: there the rows of its inputs end. */
export interface NetPlace {
  readonly base: I32;
  readonly sample: I32;
}

/** Runs the body for the bias and each input, with its row and where its x lies. */
export const eachInput = (
  f: FunctionBuilder,
  { plan, base, sample }: NetPlace & { readonly plan: NetPlan },
  body: (row: I32, x: I32) => void,
): void => {
  const { at, stride } = plan.inputs;
  f.scope(() => {
    const x = f.keep(sample.add(4 * sampleAt.bias));
    f.loop({ from: base.add(4 * at), to: sample, step: 4 * stride }, (row) => {
      body(row, x);
      f.set(x, x.add(4));
    });
  });
};
