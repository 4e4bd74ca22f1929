import { describe, expect, it, test } from 'vitest';
import { exp } from '../../src/math/exp.ts';
import { log, log1p } from '../../src/math/log.ts';
import { euclideanNorm } from '../../src/math/norm.ts';
import { cubeRoot, power, wholePower } from '../../src/math/power.ts';
import { initialRandom, randomUniform } from '../../src/math/random.ts';
import { tanh } from '../../src/math/tanh.ts';
import { cosOfTurns, sinOfTurns } from '../../src/math/turns.ts';
import { exact, nextUp, ulpsFrom } from '../math/exact.ts';

const random = initialRandom(1);
const between = (from: number, to: number): number => from + (to - from) * randomUniform(random);
/** Of any size, evenly over the exponents. */
const ofAnySize = (from: number, to: number): number => 2 ** between(from, to);

type Draw = () => number;

/** Each with its ranges, its largest error in ulp, and whether it never decreases. */
const functions: Record<string, { f: (x: number) => number; ulpMax: number; draws: Draw[] }> = {
  exp: {
    f: exp,
    ulpMax: 1,
    draws: [
      () => between(-1, 1),
      () => between(-40, 40),
      () => between(-745.1, 709.7),
      () => between(-745.1, -708),
      // Where the exponent steps.
      () => (Math.floor(between(-1000, 1000)) + 0.5) * Math.LN2 * (1 - 2 ** -48),
      () => ofAnySize(-60, 0),
    ],
  },
  log: {
    f: log,
    ulpMax: 1,
    draws: [
      () => between(0.5, 2),
      () => between(0.99, 1.01),
      // Where the exponent steps.
      () => 0.7071065902709961 * (1 - 2 ** -48) * 2 ** Math.floor(between(-1000, 1000)),
      () => ofAnySize(-1074, -1022),
      () => ofAnySize(-1022, 1023.9),
    ],
  },
  log1p: {
    f: log1p,
    ulpMax: 2,
    draws: [() => between(-0.999, 1), () => ofAnySize(-70, 60), () => -ofAnySize(-70, -0.01)],
  },
  tanh: {
    f: tanh,
    ulpMax: 5,
    draws: [() => between(-1, 1), () => between(-22, 22), () => ofAnySize(-60, 0)],
  },
  sinOfTurns: {
    f: sinOfTurns,
    ulpMax: 2,
    draws: [() => between(0, 1), () => between(-1000, 1000), () => ofAnySize(-60, 0)],
  },
  cosOfTurns: {
    f: cosOfTurns,
    ulpMax: 2,
    draws: [() => between(0, 1), () => between(-1000, 1000), () => 0.25 + ofAnySize(-50, -3)],
  },
  cubeRoot: {
    f: cubeRoot,
    ulpMax: 1,
    draws: [() => between(0, 10), () => ofAnySize(-1074, 1023.9)],
  },
};

describe.each(Object.entries(functions))('%s', (name, { f, ulpMax, draws }) => {
  it(`is at most ${ulpMax} ulp from the exact value`, () => {
    let worst = { x: 0, ulps: 0 };
    for (const draw of draws) {
      for (let i = 0; i < 300; i += 1) {
        const x = draw();
        const ulps = ulpsFrom(f(x), exact[name as keyof typeof exact](x));
        if (!(ulps <= worst.ulps)) worst = { x, ulps };
      }
    }
    expect(worst.ulps, `at ${worst.x}`).toBeLessThanOrEqual(ulpMax);
    // Were the exact value computed by the same polynomial, the error would be 0.
    expect(worst.ulps).toBeGreaterThan(0.4);
  });

  it('gives NaN for NaN', () => {
    expect(f(Number.NaN)).toBeNaN();
  });
});

describe.each([
  ['exp', exp, functions['exp']!.draws],
  ['log', log, functions['log']!.draws],
] as const)('%s', (_name, f, draws) => {
  it('never decreases from one float64 to the next', () => {
    for (const draw of draws) {
      for (let i = 0; i < 100; i += 1) {
        let x = draw();
        for (let k = 0; k < 50; k += 1) {
          const next = nextUp(x);
          expect(f(next)).toBeGreaterThanOrEqual(f(x));
          x = next;
        }
      }
    }
  });
});

const { POSITIVE_INFINITY: infinity, MIN_VALUE: smallest, MAX_VALUE: largest } = Number;

test.each<[string, () => number, number]>([
  ['exp(0)', () => exp(0), 1],
  ['exp(−0)', () => exp(-0), 1],
  ['exp(−∞)', () => exp(-infinity), 0],
  ['exp(∞)', () => exp(infinity), infinity],
  ['exp just below the overflow', () => exp(709.782712893384), 1.7976931348622732e308],
  ['exp just above the overflow', () => exp(709.7827128933841), infinity],
  ['exp of the smallest result', () => exp(-745.1332191019411), smallest],
  ['exp below the smallest result', () => exp(-745.1332191019412), 0],
  ['log(1)', () => log(1), 0],
  ['log(0)', () => log(0), -infinity],
  ['log(−0)', () => log(-0), -infinity],
  ['log(−1)', () => log(-1), Number.NaN],
  ['log(∞)', () => log(infinity), infinity],
  ['log of the smallest number', () => log(smallest), -744.4400719213812],
  ['log of the largest number', () => log(largest), 709.782712893384],
  ['log(2)', () => log(2), Math.LN2],
  ['log1p(−0)', () => log1p(-0), -0],
  ['log1p(−1)', () => log1p(-1), -infinity],
  ['log1p(−2)', () => log1p(-2), Number.NaN],
  ['log1p(∞)', () => log1p(infinity), infinity],
  ['log1p of the smallest number', () => log1p(smallest), smallest],
  ['tanh(0)', () => tanh(0), 0],
  ['tanh(−0)', () => tanh(-0), -0],
  ['tanh(∞)', () => tanh(infinity), 1],
  ['tanh(−∞)', () => tanh(-infinity), -1],
  ['tanh of the smallest number', () => tanh(smallest), smallest],
  ['sin of no turn', () => sinOfTurns(0), 0],
  ['sin of −0 turns', () => sinOfTurns(-0), -0],
  ['sin of a quarter', () => sinOfTurns(0.25), 1],
  ['sin of three quarters', () => sinOfTurns(0.75), -1],
  ['sin of a negative quarter', () => sinOfTurns(-0.25), -1],
  ['sin of half a turn', () => sinOfTurns(0.5), -0],
  ['sin of ∞ turns', () => sinOfTurns(infinity), Number.NaN],
  ['sin of the largest number', () => sinOfTurns(largest), 0],
  ['cos of no turn', () => cosOfTurns(0), 1],
  ['cos of a quarter', () => cosOfTurns(0.25), 0],
  ['cos of half a turn', () => cosOfTurns(0.5), -1],
  ['cos of a million turns', () => cosOfTurns(1e6), 1],
  ['cos of ∞ turns', () => cosOfTurns(infinity), Number.NaN],
  ['cubeRoot(27)', () => cubeRoot(27), 3],
  ['cubeRoot(−8)', () => cubeRoot(-8), -2],
  ['cubeRoot(−0)', () => cubeRoot(-0), -0],
  ['cubeRoot(∞)', () => cubeRoot(infinity), infinity],
  ['cubeRoot of the smallest number', () => cubeRoot(smallest), 1.7031839360032603e-108],
  ['cubeRoot of the largest number', () => cubeRoot(largest), 5.643803094122362e102],
  ['wholePower(10, 22)', () => wholePower(10, 22), 1e22],
  ['wholePower(2, 1023)', () => wholePower(2, 1023), 8.98846567431158e307],
  ['wholePower(0.999, 0)', () => wholePower(0.999, 0), 1],
  ['wholePower(0, 0)', () => wholePower(0, 0), 1],
  ['wholePower(0.9, 10,000,000)', () => wholePower(0.9, 1e7), 0],
  ['wholePower(−3, 3)', () => wholePower(-3, 3), -27],
  ['power(0.5, 1)', () => power(0.5, 1), 0.5],
  ['power(1, 1e300)', () => power(1, 1e300), 1],
  ['the norm of nothing', () => euclideanNorm([]), 0],
  ['the norm of one number', () => euclideanNorm([-1e-200]), 1e-200],
  ['the norm of large numbers', () => euclideanNorm([3e300, 4e300]), 5e300],
  ['the norm with an infinite number', () => euclideanNorm([1, -infinity]), infinity],
  ['the norm with NaN', () => euclideanNorm([1, Number.NaN]), Number.NaN],
])('%s', (_name, compute, expected) => {
  expect(compute()).toBe(expected);
});

test('a power is within its error of the engine’s', () => {
  for (let i = 0; i < 1000; i += 1) {
    const [base, exponent] = [between(0.001, 1), between(0, 50)];
    const error = Math.abs(power(base, exponent) / base ** exponent - 1);
    expect(error).toBeLessThan(3e-16 * (1 + Math.abs(exponent * Math.log(base))));
  }
});

test('a whole power is within its error of the engine’s', () => {
  for (let i = 0; i < 1000; i += 1) {
    const [base, exponent] = [between(0.5, 1.5), Math.floor(between(0, 1000))];
    const error = Math.abs(wholePower(base, exponent) / base ** exponent - 1);
    expect(error).toBeLessThan(2.3e-16 * (exponent / 2 + 2));
  }
});
