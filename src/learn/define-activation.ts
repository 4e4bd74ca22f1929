import { dependsOn, derivative, replaceTerm } from '../math/derivative.ts';
import { Expression } from '../math/expression.ts';
import { expressionFunction } from '../math/expression-function.ts';
import { stepsOf } from '../math/expression-steps.ts';
import { expressionCode } from '../math/wasm/expression-code.ts';
import { type Activation, elementwise } from './activation.ts';
import { setActivationCode } from './kernel/simd/activation-code.ts';

const z = Expression.variable('z');
const h = Expression.variable('h');

/** f(z), written with the methods of {@link Expression}. */
export type ActivationFormula = (z: Expression) => Expression;

/** f′ from z and h = f(z), whichever is cheaper. */
export type DerivativeFormula = (z: Expression, h: Expression) => Expression;

/**
 * An elementwise activation written once: from the formula come its function, its derivative, and
 * its kernel, so that it runs on both engines. The derivative is found symbolically; pass one where
 * a cheaper or more accurate form is known, such as h (1 − h) for the sigmoid.
 *
 * ```ts
 * const softsign = defineActivation('softsign', (z) => z.div(z.abs().add(1)));
 * const swish = defineActivation('swish', (z) => z.mul(z.sigmoid()));
 * ```
 *
 * Throws a RangeError if f(0) or f′(0) is not finite: a network begins with z near 0.
 */
export const defineActivation = (
  name: string,
  value: ActivationFormula,
  slope?: DerivativeFormula,
): Activation => {
  const formula = value(z);
  // Where f itself occurs in its derivative, h is known already.
  const slopeFormula = slope ? slope(z, h) : replaceTerm(derivative(formula, 'z'), formula, h);
  const valueFunction = expressionFunction(formula, ['z']);
  const slopeFunction = expressionFunction(slopeFormula, ['z', 'h']);
  checkAt0(name, valueFunction(0), slopeFunction(0, valueFunction(0)));
  const activation = elementwise(name, valueFunction, slopeFunction);
  setActivationCode(activation, codeOf(formula, slopeFormula));
  return activation;
};

const checkAt0 = (name: string, value: number, slope: number): void => {
  if (Number.isFinite(value) && Number.isFinite(slope)) return;
  throw new RangeError(
    `the activation ${name} must be finite at z = 0: f(0) = ${value}, f′(0) = ${slope}`,
  );
};

const codeOf = (formula: Expression, slopeFormula: Expression) => {
  const [value, slope] = [stepsOf(formula), stepsOf(slopeFormula)];
  const needsZ = dependsOn(slopeFormula, 'z');
  return {
    needsZ,
    key: JSON.stringify([value, slope]),
    value: (f, sum) => expressionCode(f, value, { z: f.keep(sum) })[0]!,
    backward: (f, gradient, known, at) => {
      const variables = needsZ ? { h: known, z: f.keep(at.load()) } : { h: known };
      return gradient.mul(expressionCode(f, slope, variables)[0]!);
    },
  } satisfies Parameters<typeof setActivationCode>[1];
};
