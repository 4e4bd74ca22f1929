import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import { F64 } from '../../../math/wasm/scalars.ts';
import type { WalkPlace } from '../../../math/wasm/walk.ts';

/** Where the products βᵗ of a network lie, one double a decay. */
export interface CorrectionInput {
  readonly scalars: WalkPlace;
}

/** 1/(1 − βᵗ) for each decay, at four parameters, and the memory that goes with them. */
export interface Correction {
  readonly inverses: readonly F32x4[];
  readonly memory: readonly F32x4[];
}

/**
 * How the bias of running means is corrected: code at the beginning of a sample, then code for
 * four parameters, given the memory that is their own.
 */
export type CorrectionCode = (
  f: FunctionBuilder,
  input: CorrectionInput,
  decays: readonly number[],
) => (own: readonly F32x4[]) => Correction;

/**
 * All parameters are equally old. βᵗ lies in float64, where 1 − βᵗ keeps its digits, and is a
 * function of t alone: a restored network continues with the same bits.
 */
export const sharedCorrection: CorrectionCode = (f, { scalars }, decays) => {
  const inverses = decays.map((decay, index) => {
    const { address, offset } = scalars.plus(8 * index);
    const product = f.keep(F64.load(address, offset).mul(decay).max(productMin));
    f.store(address, offset, product);
    return f.keep(F32x4.splat(F64.of(1).div(F64.of(1).sub(product)).toF32()));
  });
  return () => ({ inverses, memory: [] });
};

/**
 * The network has grown: each parameter has an age of its own. c = 1 − βᵗ obeys c ← βc + (1 − β)
 * and so keeps its digits in float32 too.
 */
export const ownCorrection: CorrectionCode = (f, _input, decays) => (own) => {
  const memory = decays.map((decay, index) => f.keep(own[index]!.mul(decay).add(1 - decay)));
  return { inverses: memory.map((c) => F32x4.splat(1).div(c)), memory };
};

/** What 1 − βᵗ no longer sees. The product stays here and does not get denormal. */
const productMin = 1e-30;

/** βᵗ with the roundings of {@link sharedCorrection}. */
export const productAt = (decay: number, age: number): number => {
  let product = 1;
  for (let t = 0; t < age && product > productMin; t++) {
    product = Math.max(product * decay, productMin);
  }
  return product;
};

/** 1 − βᵗ of each parameter, with the roundings of {@link ownCorrection}, given when it was made. */
export const correctionsAt = (decay: number, step: number, born: Float64Array): Float64Array => {
  const known = new Map<number, number>();
  return born.map((at) => {
    const correction = known.get(at) ?? correctionAt(decay, step - at);
    known.set(at, correction);
    return correction;
  });
};

const correctionAt = (decay: number, age: number): number => {
  const kept = Math.fround(decay);
  const added = Math.fround(1 - decay);
  let correction = 0;
  for (let t = 0; t < age; t++) {
    const next = Math.fround(Math.fround(correction * kept) + added);
    if (next === correction) break;
    correction = next;
  }
  return correction;
};
