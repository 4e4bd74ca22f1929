import { wholePower } from '../../math/power.ts';
import type { FunctionBuilder } from '../../math/wasm/function-builder.ts';
import { F64, I32 } from '../../math/wasm/scalars.ts';
import { I16x8, U8x16 } from '../../math/wasm/u8x16.ts';
import { point, zero } from '../ascii.ts';

/** A decimal has fewer bytes than this, its sign aside: they are looked at together. */
export const decimalBytes = 16;

/** Digits with at most one point among them. */
export interface Decimal {
  /** Sixteen bytes, of which it is the first. */
  readonly bytes: U8x16;
  /** How many of them it has, fewer than sixteen. */
  readonly length: I32;
  /** The address of the {@link powersOfTen}. */
  readonly powers: I32;
}

/** By what a decimal is divided: 10⁰ and so on, all of them exact. */
export const powersOfTen = Float64Array.from({ length: decimalBytes }, (_, i) => wholePower(10, i));

/**
 * What a decimal is as a number, to the bit what `Number` makes of it; something else where it is none. All
 * its digits are read together and none of them is branched upon, after W. Muła, "SIMD-ized
 * integer parsing", 2014.
 */
export const readDecimal = (
  f: FunctionBuilder,
  { bytes, length, powers }: Decimal,
): { value: F64; isDecimal: I32 } => {
  const values = f.keep(bytes.sub(U8x16.splat(zero)));
  const behind = f.keep(I32.of(1).shiftLeft(length));
  const points = bytes.equals(U8x16.splat(point)).bytesSet();
  // One without a point has it at its end.
  const pointAt = f.keep(points.or(behind).trailingZeros());
  const digitCount = f.keep(length.sub(pointAt.isBelow(length)));
  const own = f.keep(behind.sub(1));
  const digits = values.isBelow(U8x16.splat(10)).bytesSet();
  const known = digits.or(I32.of(1).shiftLeft(pointAt)).and(own);
  const isDecimal = f.keep(known.equals(own).and(digitCount.notEquals(0)));
  const whole = wholeNumber(f, { values, pointAt, digitCount });
  // Both are whole numbers that a float64 holds exactly, so that one division rounds correctly.
  const power = F64.load(powers.add(digitCount.sub(pointAt).shiftLeft(3)));
  return { value: f.keep(whole.div(power)), isDecimal };
};

interface Digits {
  readonly values: U8x16;
  /** The place that is none of a digit. */
  readonly pointAt: I32;
  readonly digitCount: I32;
}

const places = Array.from({ length: decimalBytes }, (_, i) => i);

/** The number that the digits are as if there were no point. */
const wholeNumber = (f: FunctionBuilder, { values, pointAt, digitCount }: Digits): F64 => {
  // The last digit moves to the last place, and those before the point one further. Nothing is picked
  // for what lies before the first: a place below 0.
  const from = f.keep(U8x16.of(places).add(U8x16.splat(digitCount.sub(decimalBytes))));
  const isBehindPoint = from.isAtLeastSigned(U8x16.splat(pointAt));
  const digits = f.keep(values.pick(from.sub(isBehindPoint)));
  const ones = I16x8.of([1, 1, 1, 1, 1, 1, 1, 1]);
  const thousands = I16x8.of([1000, 100, 10, 1, 1000, 100, 10, 1]);
  const tenThousands = I16x8.of([10_000, 1, 10_000, 1, 10_000, 1, 10_000, 1]);
  const twos = I16x8.narrow(
    I16x8.ofLower(digits).dot(thousands),
    I16x8.ofUpper(digits).dot(thousands),
  );
  const fours = f.keep(twos.dot(ones));
  const eights = f.keep(I16x8.narrow(fours, fours).dot(tenThousands));
  return eights.lane(0).toF64().mul(1e8).add(eights.lane(1).toF64());
};
