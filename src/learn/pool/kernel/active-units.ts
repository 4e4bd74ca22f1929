import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import { I32 } from '../../../math/wasm/scalars.ts';
import { hiddenCount, type Units } from './net-plan.ts';

/**
 * Keeps a bit for each unit of a layer that is not 0. After a rectifier about half of them are 0, and
 * nobody can predict which: a branch at each would cost more than the bits.
 */
export const markActive = (f: FunctionBuilder, base: I32, { at, activeAt }: Units): void => {
  const isZero = Array.from({ length: hiddenCount / 4 }, (_, v) =>
    F32x4.load(base, 4 * at + 16 * v)
      .isEqual(0)
      .lanesSet()
      .shiftLeft(4 * v),
  );
  f.store(base, 4 * activeAt, isZero.reduce((bits, four) => bits.or(four)).xor(-1));
};

/** Runs the body for the bias, and each unit that is marked, with four times its index. */
export const eachActive = (
  f: FunctionBuilder,
  { base, activeAt }: { readonly base: I32; readonly activeAt: number },
  body: (unit: I32) => void,
): void => {
  f.scope(() => {
    const unit = f.keep(I32.of(4 * hiddenCount));
    const rest = f.keep(I32.load(base, 4 * activeAt));
    const hasNext = f.keep(I32.of(0));
    f.repeat(() => {
      f.scope(() => body(unit));
      f.set(hasNext, rest);
      f.set(unit, rest.trailingZeros().shiftLeft(2));
      f.set(rest, rest.and(rest.sub(1)));
      return hasNext;
    });
  });
};
