import { exp } from '../../math/exp.ts';
import { type Activation, elementwise } from '../activation.ts';

/** f(z) = 1/(1+e^−z), f′(z) = f(z)(1 − f(z)). */
export const sigmoid: Activation = elementwise(
  'sigmoid',
  (z) => 1 / (1 + exp(-z)),
  (_z, h) => h * (1 - h),
);
