/**
 * Elementary functions to 150 binary places and more, in whole numbers: what ours are measured with.
 * A value v stands for the whole number v · 2^places.
 */
const places = 200n;
const one = 1n << places;

const words = new BigUint64Array(1);
const double = new Float64Array(words.buffer);

/** The number after which a float64 comes next, in units of the last place: an order of all of them. */
const orderOf = (x: number): bigint => {
  double[0] = x;
  const bits = words[0]!;
  return bits >> 63n ? -(bits & 0x7fff_ffff_ffff_ffffn) : bits;
};

/** The float64 of a place in that order. */
const atOrder = (order: bigint): number => {
  words[0] = order < 0n ? -order | (1n << 63n) : order;
  return double[0]!;
};

/** The next larger float64. */
export const nextUp = (x: number): number => atOrder(orderOf(x) + 1n);

/** A finite float64 as mantissa · 2^exponent. */
const partsOf = (x: number): { mantissa: bigint; exponent: bigint } => {
  double[0] = x;
  const bits = words[0]!;
  const biased = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const size = biased === 0n ? fraction : fraction | (1n << 52n);
  return { mantissa: x < 0 ? -size : size, exponent: (biased === 0n ? 1n : biased) - 1075n };
};

const shifted = (value: bigint, by: bigint): bigint => (by >= 0n ? value << by : value >> -by);

/** x in fixed point. Exact down to 2^−200. */
const fixed = (x: number): bigint => {
  const { mantissa, exponent } = partsOf(x);
  return shifted(mantissa, exponent + places);
};

const times = (a: bigint, b: bigint): bigint => (a * b) >> places;

/** A value · 2^scale: what is too large or too small for fixed point alone. */
export interface Exact {
  readonly value: bigint;
  readonly scale: bigint;
}

/** 2 artanh(s) in fixed point. */
const twiceArtanh = (s: bigint): bigint => {
  let power = s;
  let sum = 0n;
  const square = times(s, s);
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = times(power, square);
  }
  return 2n * sum;
};

const ln2 = twiceArtanh(one / 3n);

const artanOfInverse = (n: bigint): bigint => {
  let power = one / n;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += k % 4n === 1n ? power / k : -power / k;
    power /= n * n;
  }
  return sum;
};

/** Machin's formula. */
const pi = 4n * (4n * artanOfInverse(5n) - artanOfInverse(239n));

/** e^v for a fixed-point v. */
const expOf = (v: bigint): Exact => {
  const scale = v / ln2;
  const rest = v - scale * ln2;
  let term = one;
  let sum = 0n;
  for (let n = 1n; term !== 0n && term !== -1n; n += 1n) {
    sum += term;
    term = times(term, rest) / n;
  }
  return { value: sum, scale };
};

const logOf = ({ mantissa, exponent }: { mantissa: bigint; exponent: bigint }): bigint => {
  const width = BigInt(mantissa.toString(2).length);
  const m = shifted(mantissa, places - width);
  return twiceArtanh(((m - one) << places) / (m + one)) + (exponent + width) * ln2;
};

const unscaled = (value: bigint): Exact => ({ value, scale: 0n });

/** 1 − 2 / (e^2x + 1). */
const tanhOf = (x: number): bigint => {
  const { value, scale } = expOf(2n * fixed(x));
  const power = shifted(value, scale);
  return ((power - one) << places) / (power + one);
};

const sineOf = (angle: bigint): bigint => {
  const square = times(angle, angle);
  let term = angle;
  let sum = 0n;
  for (let n = 2n; term !== 0n && term !== -1n; n += 2n) {
    sum += term;
    term = -times(term, square) / (n * (n + 1n));
  }
  return sum;
};

const angleOf = (turns: number, more = 0n): bigint => {
  const whole = fixed(turns) + more;
  return times(2n * pi, whole - ((whole + one / 2n) >> places) * one);
};

const cubeRootOf = (x: number): Exact => {
  const { mantissa, exponent } = partsOf(x);
  // The exponent has to be a multiple of three.
  const extra = ((exponent % 3n) + 3n) % 3n;
  const cube = mantissa << (3n * places + extra);
  let root = 1n << (places + 60n);
  for (let next = root - 1n; next < root; next = (2n * root + cube / (root * root)) / 3n)
    root = next;
  return { value: root, scale: (exponent - extra) / 3n };
};

/** Exact functions of a float64. */
export const exact = {
  exp: (x: number): Exact => expOf(fixed(x)),
  log: (x: number): Exact => unscaled(logOf(partsOf(x))),
  log1p: (x: number): Exact => unscaled(logOf({ mantissa: one + fixed(x), exponent: -places })),
  tanh: (x: number): Exact => unscaled(tanhOf(x)),
  sinOfTurns: (turns: number): Exact => unscaled(sineOf(angleOf(turns))),
  cosOfTurns: (turns: number): Exact => unscaled(sineOf(angleOf(turns, one / 4n))),
  cubeRoot: cubeRootOf,
};

/** How far a float64 is from the exact value, in units of its last place. */
export const ulpsFrom = (x: number, { value, scale }: Exact): number => {
  const { mantissa, exponent } = partsOf(x);
  // Both as multiples of 2^(exponent of x − 64).
  const ours = mantissa << 64n;
  const truth = shifted(value, scale - places - exponent + 64n);
  return Math.abs(Number(ours - truth)) / 2 ** 64;
};
