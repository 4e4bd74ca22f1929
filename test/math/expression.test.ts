import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dependsOn, derivative, replaceTerm } from '../../src/math/derivative.ts';
import { Expression } from '../../src/math/expression.ts';
import { expressionFunction } from '../../src/math/expression-function.ts';
import { stepsOf } from '../../src/math/expression-steps.ts';

const x = Expression.variable('x');
const y = Expression.variable('y');

const valueAt = (expression: Expression, at: number, other = 0): number =>
  expressionFunction(expression, ['x', 'y'])(at, other);

/** One formula for each operation, smooth at the points that are tried. */
const formulas: Readonly<Record<string, Expression>> = {
  add: x.add(y).add(3),
  sub: Expression.constant(2).sub(x),
  mul: x.mul(x).mul(x),
  div: x.div(x.mul(x).add(1)),
  min: x.min(x.mul(2)),
  max: x.max(0.1).mul(x),
  neg: x.neg().exp(),
  abs: x.abs().mul(x),
  exp: x.mul(0.5).exp(),
  ln: x.mul(x).add(2).ln(),
  tanh: x.mul(2).tanh(),
  sigmoid: x.mul(x).sigmoid(),
  sqrt: x.mul(x).add(1).sqrt(),
  less: x.isLess(y).choose(x.mul(3), x.mul(x)),
  choose: x.isGreater(0.2).choose(x.exp(), x.tanh()),
};

describe.each(Object.entries(formulas))('a formula with %s', (_name, formula) => {
  test('has the derivative that a finite difference shows', () => {
    const slope = derivative(formula, 'x');
    const step = 1e-6;
    for (const at of [-1.7, -0.6, 0.35, 0.9, 2.2]) {
      const difference = valueAt(formula, at + step) - valueAt(formula, at - step);
      expect(valueAt(slope, at)).toBeCloseTo(difference / (2 * step), 6);
    }
  });
});

test('every operation has a formula above', () => {
  const used = Object.values(formulas).flatMap((formula) =>
    stepsOf(formula).steps.flatMap((step) => (step.kind === 'operation' ? [step.operation] : [])),
  );
  const all = ['add', 'sub', 'mul', 'div', 'min', 'max', 'neg', 'abs', 'exp', 'ln', 'tanh'];
  expect(new Set(used)).toEqual(new Set([...all, 'sigmoid', 'sqrt', 'less', 'choose']));
});

test('operations agree with arithmetic', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
      const values = { a, b };
      const [va, vb] = [Expression.variable('a'), Expression.variable('b')];
      const result = (expression: Expression): number =>
        expressionFunction(expression, ['a', 'b'])(values.a, values.b);
      expect(result(va.add(vb))).toBe(a + b);
      expect(result(va.sub(vb))).toBe(a - b);
      expect(result(va.mul(vb))).toBe(a * b);
      expect(result(va.div(vb))).toBe(a / b);
      expect(result(va.isLess(vb).choose(va, vb))).toBe(Math.min(a, b));
      expect(result(va.isGreater(vb).choose(1, 2))).toBe(a > b ? 1 : 2);
      expect(result(va.abs().sqrt())).toBe(Math.sqrt(Math.abs(a)));
    }),
  );
});

test('an expression that refers to one part a million times is computed in few steps', () => {
  let power = x;
  for (let doubling = 0; doubling < 20; doubling++) power = power.mul(power);
  expect(stepsOf(power).steps).toHaveLength(21);
  expect(valueAt(power, 1.000001)).toBeCloseTo(1.000001 ** (2 ** 20), 3);
  expect(valueAt(derivative(power, 'x'), 1)).toBe(2 ** 20);
});

test('parts that are written alike are one step, wherever they were made', () => {
  const [twice] = [x.add(1).mul(x.add(1))];
  expect(stepsOf(twice).steps).toHaveLength(4);
});

test('a part is replaced wherever it occurs', () => {
  const formula = x.exp().add(x.exp().mul(2));
  const replaced = replaceTerm(formula, x.exp(), y);
  expect(valueAt(replaced, 5, 2)).toBe(6);
  expect(dependsOn(replaced, 'x')).toBe(false);
  expect(dependsOn(formula, 'x')).toBe(true);
});

test('mistakes are refused when they are made', () => {
  expect(() => x.add(Number.NaN)).toThrow('a constant of an expression must be finite, not NaN');
  expect(() => expressionFunction(x.add(y), ['x'])).toThrow(
    'the expression uses y; its variables are x',
  );
});

/** How a formula is written, in full. */
const shown = ({ term }: Expression): string => {
  if (term.kind === 'constant') return String(term.value);
  if (term.kind === 'variable') return term.name;
  return `${term.operation}(${term.operands.map(shown).join(' ')})`;
};

test.each<[string, Expression, string]>([
  ['x + 3', x.add(3), '1'],
  ['3 + x', Expression.constant(3).add(x), '1'],
  ['x − 3', x.sub(3), '1'],
  ['3 − x', Expression.constant(3).sub(x), '-1'],
  ['x − y', x.sub(y.mul(y)), '1'],
  ['3x', x.mul(3), '3'],
  ['xy', x.mul(y), 'y'],
  ['yx', y.mul(x), 'y'],
  ['y · y', y.mul(y), '0'],
  ['x² + y', x.mul(x).add(y), 'add(x x)'],
  ['−x', x.neg(), '-1'],
  ['−x²', x.mul(x).neg(), 'neg(add(x x))'],
  ['−(3 − x²)', Expression.constant(3).sub(x.mul(x)), 'neg(add(x x))'],
  ['x / y', x.div(y), 'div(1 y)'],
  ['3 / y', Expression.constant(3).div(y), '0'],
  ['eˣ', x.exp(), 'exp(x)'],
])('the derivative of %s has no superfluous part', (_, formula, expected) => {
  expect(shown(derivative(formula, 'x'))).toBe(expected);
});

test('a replacement leaves parts that it does not reach as they are', () => {
  const kept = y.mul(2).exp();
  const replaced = replaceTerm(x.add(kept), x, y);
  expect(replaced.term.kind === 'operation' && replaced.term.operands[1]).toBe(kept);
  expect(dependsOn(Expression.constant(1), 'x')).toBe(false);
  expect(dependsOn(y, 'x')).toBe(false);
});

test('less is strict', () => {
  expect(valueAt(x.isLess(y), 2, 2)).toBe(0);
  expect(valueAt(x.isLess(y), 1, 2)).toBe(1);
});

test('a missing variable is named beside all that there are', () => {
  expect(() => expressionFunction(x, ['a', 'b'])).toThrow(
    'the expression uses x; its variables are a, b',
  );
});
