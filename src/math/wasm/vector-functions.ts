import { F32x4 } from './f32x4.ts';
import type { FunctionBuilder } from './function-builder.ts';

/**
 * exp, log and what is made of them, four lanes at a time: polynomials of our own, so that every
 * machine computes the same bits. The coefficients are least-maximum-error fits; each line says
 * on which interval. Relative errors stay below 3e-7 unless it says otherwise.
 */

/** 1.5 · 2²³: adding it rounds a small number to an integer, which stands in the lowest bits. */
const rounder = 12_582_912;

/** 2^x for |x| ≤ 126. x = n + r with |r| ≤ ½: a polynomial for 2^r, and n added to the exponent. */
const powerOfTwo = (f: FunctionBuilder, x: F32x4): F32x4 => {
  const power = f.keep(x);
  const shifted = f.keep(power.add(rounder));
  const r = f.keep(power.sub(shifted.sub(rounder)));
  const r2 = f.keep(r.mul(r));
  // Two short chains instead of one long: small networks wait for this result.
  const low = r.mul(0.24022242085174544).add(0.6931469775988677);
  const high = r.mul(0.00967151264885056).add(0.055507337436776216);
  const slope = r2.mul(r2.mul(0.0013264727069224325).add(high)).add(low);
  return r.mul(slope).add(1).addAsIntegers(shifted.shiftLeft(23));
};

/** e^x. Below −87 and above 87 it stays at the value there. */
export const expLanes = (f: FunctionBuilder, x: F32x4): F32x4 =>
  powerOfTwo(f, x.mul(Math.LOG2E).max(-126).min(126));

/** 1/(1 + e^−x). Beyond |x| = 41 it stays at 1e-18 or 1: squares of it are no denormals. */
export const sigmoidLanes = (f: FunctionBuilder, x: F32x4): F32x4 => {
  const power = powerOfTwo(f, x.mul(-Math.LOG2E).max(-60).min(60));
  return F32x4.splat(1).div(power.add(1));
};

/** tanh x: near 0 an odd polynomial, because 1 − 2/(1 + e^2x) would lose its digits there. */
export const tanhLanes = (f: FunctionBuilder, x: F32x4): F32x4 => {
  const z = f.keep(x);
  const power = powerOfTwo(
    f,
    z
      .mul(2 * Math.LOG2E)
      .max(-60)
      .min(60),
  );
  const far = F32x4.splat(1).sub(F32x4.splat(2).div(power.add(1)));
  const z2 = f.keep(z.mul(z));
  // |x| ≤ 0.625.
  const odd = z2
    .mul(0.015226903904455304)
    .add(-0.051971618989966564)
    .mul(z2)
    .add(0.13308713887949425)
    .mul(z2)
    .add(-0.33332376118387763);
  const near = z.mul(z2).mul(odd).add(z);
  return F32x4.select(z.abs().isLess(0.625), near, far);
};

/** ln((1 + s)/(1 − s)) = 2 artanh s for |s| ≤ 1/3. */
const twiceArtanh = (f: FunctionBuilder, s: F32x4): F32x4 => {
  const ratio = f.keep(s);
  const square = f.keep(ratio.mul(ratio));
  const odd = square
    .mul(0.28024457596642277)
    .add(0.27999141361329777)
    .mul(square)
    .add(0.40021699038878483)
    .mul(square)
    .add(0.6666641313314797);
  return ratio.mul(square).mul(odd).add(ratio.add(ratio));
};

/** ln x for normal positive x; of 0 about −88. x = 2ⁿm with m between √½ and √2. */
export const logLanes = (f: FunctionBuilder, x: F32x4): F32x4 => {
  const value = f.keep(x);
  // As integers, subtracting the bits of √½ lets the exponent step where m passes √2.
  const exponent = f.keep(value.subAsIntegers(F32x4.splat(Math.SQRT1_2)).shiftRight(23));
  const m = f.keep(value.subAsIntegers(exponent.shiftLeft(23)));
  const mantissa = twiceArtanh(f, m.sub(1).div(m.add(1)));
  return exponent.integersToFloats().mul(Math.LN2).add(mantissa);
};

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|): finite for every x. */
export const softplusLanes = (f: FunctionBuilder, x: F32x4): F32x4 => {
  const z = f.keep(x);
  const power = f.keep(expLanes(f, z.abs().neg()));
  return z.max(0).add(twiceArtanh(f, power.div(power.add(2))));
};

/**
 * 1/√x for normal positive x, up to 3.5 % too much or too little: enough for the length of a step, and
 * two instructions where a root and a division wait for the divider. Halving the bits of x and taking
 * them from a constant halves its exponent and changes its sign: C. Lomont, "Fast Inverse Square
 * Root", 2003.
 */
export const roughInverseRoot = (x: F32x4): F32x4 =>
  F32x4.splat(roughRootOrigin).subAsIntegers(x.shiftRight(1));

/** The float whose bits are 0x5f37642f. */
const roughRootOrigin = 1.3214738883658383e19;
