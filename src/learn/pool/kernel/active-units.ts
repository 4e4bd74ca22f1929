import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import { F32, I32 } from '../../../math/wasm/scalars.ts';
import { hiddenCount, type Units } from './net-plan.ts';

/**
 * Lists the units of a layer that are not 0, and the bias. After a rectifier about half of them are
 * 0, and nobody can predict which: a branch at each would cost more than the list, made once.
 */
export const listActive = (f: FunctionBuilder, base: I32, { at, activeAt }: Units): void => {
  f.scope(() => {
    const end = f.keep(base.add(4 * activeAt + 4));
    for (let unit = 0; unit <= hiddenCount; unit += 1) {
      const isActive = F32.load(base, 4 * (at + unit))
        .equals(0)
        .equals(0);
      f.store(end, 0, I32.of(4 * unit));
      f.set(end, end.add(isActive.shiftLeft(2)));
    }
    f.store(base, 4 * activeAt, end);
  });
};

/** Runs the body for each unit that is listed, with four times its index. */
export const eachActive = (
  f: FunctionBuilder,
  { base, activeAt }: { readonly base: I32; readonly activeAt: number },
  body: (unit: I32) => void,
): void => {
  const end = I32.load(base, 4 * activeAt);
  f.loop({ from: base.add(4 * activeAt + 4), to: end, step: 4 }, (place) => {
    f.scope(() => body(f.keep(I32.load(place))));
  });
};
