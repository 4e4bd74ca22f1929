import { derivative } from '../math/derivative.ts';
import { Expression } from '../math/expression.ts';
import { expressionFunction } from '../math/expression-function.ts';
import { stepsOf } from '../math/expression-steps.ts';
import { expressionCode } from '../math/wasm/expression-code.ts';
import { setLossCode } from './kernel/simd/loss-code.ts';
import type { Loss } from './loss.ts';

const h = Expression.variable('h');
const y = Expression.variable('y');

/** The cost of one output, or its derivative, from the prediction h and the target y. */
export type LossFormula = (h: Expression, y: Expression) => Expression;

/**
 * A loss written once, as the cost of one output; J is the sum over the outputs. From the formula
 * come its function, ∂J/∂h, and its kernel, so that it runs on both engines. The derivative is
 * found symbolically; pass one where a more accurate form is known.
 *
 * ```ts
 * const absolute = defineLoss('absolute', (h, y) => h.sub(y).abs());
 * ```
 */
export const defineLoss = (name: string, cost: LossFormula, gradient?: LossFormula): Loss => {
  const formula = cost(h, y);
  const slope = gradient ? gradient(h, y) : derivative(formula, 'h');
  const costOf = expressionFunction(formula, ['h', 'y']);
  const gradientOf = expressionFunction(slope, ['h', 'y']);
  const loss: Loss = {
    name,
    cost(outputs, targets) {
      let sum = 0;
      for (let i = 0; i < outputs.length; i++) sum += costOf(outputs[i]!, targets[i]!);
      return sum;
    },
    gradient(outputs, targets, out) {
      for (let i = 0; i < outputs.length; i++) out[i] = gradientOf(outputs[i]!, targets[i]!);
    },
  };
  const steps = { cost: stepsOf(formula), slope: stepsOf(slope) };
  setLossCode(loss, {
    key: JSON.stringify(steps),
    cost: (f, output, target) => expressionCode(f, steps.cost, { h: output, y: target })[0]!,
    gradient: (f, output, target) => expressionCode(f, steps.slope, { h: output, y: target })[0]!,
  });
  return loss;
};
