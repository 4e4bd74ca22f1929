import { exp } from '../../src/math/exp.ts';
import { expressionFunction } from '../../src/math/expression-function.ts';
import { log, log1p } from '../../src/math/log.ts';
import { euclideanNorm } from '../../src/math/norm.ts';
import { normalTail } from '../../src/math/normal.ts';
import { parseExpression } from '../../src/math/parse-expression.ts';
import { cubeRoot, power, wholePower } from '../../src/math/power.ts';
import { initialRandom, randomUniform } from '../../src/math/random.ts';
import { tanh } from '../../src/math/tanh.ts';
import { cosOfTurns, sinOfTurns } from '../../src/math/turns.ts';
import { hashOf } from './bit-hash.ts';
import type { Parts } from './parts.ts';

const count = 20_000;

/** A function at many places between two, and where it is special. */
const over = (from: number, to: number, f: (x: number) => number) => (): string => {
  const random = initialRandom(1);
  const values = Array.from({ length: count }, () => f(from + (to - from) * randomUniform(random)));
  const special = [0, -0, 1, -1, 5e-324, 1e-310, Number.MAX_VALUE, Number.POSITIVE_INFINITY];
  return hashOf(values, special.map(f), f(Number.NaN));
};

/** The functions of src/math. */
export const mathParts: Parts = {
  'math exp': over(-750, 715, exp),
  'math exp near 0': over(-1, 1, exp),
  'math log': over(0, 10, log),
  'math log of small numbers': over(0, 1e-300, log),
  'math log1p': over(-1, 1, log1p),
  'math tanh': over(-3, 3, tanh),
  'math sine': over(-2, 2, sinOfTurns),
  'math cosine': over(-2, 2, cosOfTurns),
  'math cube root': over(-10, 10, cubeRoot),
  'math power': over(0, 1, (x) => power(Math.abs(x), 1.7)),
  'math whole power': over(0, 1000, (x) =>
    wholePower(0.999, Math.floor(Math.min(Math.abs(x), 1e6))),
  ),
  'math norm': over(-1, 1, (x) => euclideanNorm([x, 0.3, 1e-3])),
  'math normal tail': over(-9, 9, normalTail),
  'math expression': over(
    -2,
    2,
    expressionFunction(parseExpression('exp(x) * tanh(x) + ln(x*x + 1)'), ['x']),
  ),
};
