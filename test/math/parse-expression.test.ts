import { describe, expect, test } from 'vitest';
import { expressionFunction } from '../../src/math/expression-function.ts';
import { parseExpression } from '../../src/math/parse-expression.ts';

const valueAt = (text: string, x = 3, y = 2): number =>
  expressionFunction(parseExpression(text), ['x', 'y'])(x, y);

describe('a formula', () => {
  test.each([
    ['x^4 - 3x^3 + 2', 2],
    ['4x^3 - 9x^2', 27],
    ['-x^2', -9],
    ['(-x)^2', 9],
    ['2^3^2', 512],
    ['x^-1 * 6', 2],
    ['x^0', 1],
    ['10 - 4 - 3', 3],
    ['24 / 4 / 3', 2],
    ['2 + 3 * 4', 14],
    ['2(x + 1)', 8],
    ['2x(y)', Number.NaN],
    ['1.5e2 + .5', 150.5],
    ['x < y ? 1 : x > 2 ? 5 : 7', 5],
    ['max(x, y) - min(x, y)', 1],
    ['sqrt(x + 1) * abs(-y)', 4],
    ['--x', 3],
    ['x * -y', -6],
    ['+x', 3],
    ['x - +y', 1],
    ['x^(1 + 1)', 9],
  ])('%s has the value that arithmetic gives it', (text, expected) => {
    // A name before "(" is a call, so this one is refused.
    if (Number.isNaN(expected)) expect(() => valueAt(text)).toThrow('unknown function x');
    else expect(valueAt(text)).toBe(expected);
  });

  test('knows exp, ln, tanh, sigmoid, pi, e and powers with any exponent', () => {
    expect(valueAt('ln(exp(x)) + tanh(0) + sigmoid(0)')).toBeCloseTo(3.5, 12);
    expect(valueAt('pi + e')).toBeCloseTo(Math.PI + Math.E, 15);
    expect(valueAt('x^0.5')).toBeCloseTo(Math.sqrt(3), 12);
    expect(valueAt('x^y')).toBeCloseTo(9, 12);
    expect(valueAt('x^(y + 1)')).toBeCloseTo(27, 12);
    expect(valueAt('y^64')).toBe(2 ** 64);
  });

  test('has the number itself where a sign stands before it', () => {
    expect(parseExpression('-2').term).toEqual({ kind: 'constant', value: -2 });
    expect(parseExpression('-x').term.kind).toBe('operation');
  });

  test.each([
    ['', 'expected a number, a variable, a function or "(", but the formula ends (character 1)'],
    ['x +', 'expected a number, a variable, a function or "(", but the formula ends (character 4)'],
    ['x y', 'expected an operator, but found "y" (character 3)'],
    ['(x', 'expected ")", but the formula ends (character 3)'],
    ['x)', 'expected an operator, but found ")" (character 2)'],
    ['x = 1', 'expected an operator, but found "=" (character 3)'],
    ['x.constructor', 'expected an operator, but found "." (character 2)'],
    [
      'sin(x)',
      'unknown function sin; the functions are abs, exp, ln, sqrt, tanh, sigmoid, min, max',
    ],
    ['constructor(x)', 'unknown function constructor'],
    ['exp', 'exp is a function: write exp(…) (character 1)'],
    ['min(x)', 'min takes 2 operands, not 1 (character 1)'],
    ['x < 1', 'a comparison needs a choice: a < b ? value : other value (character 1)'],
    ['x ^ 65', 'a whole exponent is at most 64 (character 3)'],
    ['1e999', 'the number 1e999 is too large (character 1)'],
    ['x + "1"', 'but found """ (character 5)'],
  ])('%j is refused with what is wrong and where', (text, message) => {
    expect(() => parseExpression(text)).toThrow(SyntaxError);
    expect(() => parseExpression(text)).toThrow(message);
  });

  test('uses the variables that it may use', () => {
    expect(() => parseExpression('x + z', { variables: ['x', 'y'] })).toThrow(
      'unknown name z; the variables are x, y (character 5)',
    );
  });

  test('is bounded in length and depth', () => {
    expect(() => parseExpression('x'.repeat(1_001))).toThrow('at most 1000 characters, not 1001');
    expect(valueAt(`x${' '.repeat(999)}`)).toBe(3);
    expect(valueAt(`${'('.repeat(499)}x${')'.repeat(499)}`)).toBe(3);
    expect(valueAt(`${'-'.repeat(998)}x`)).toBe(3);
  });
});
