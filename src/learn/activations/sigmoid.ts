import { type Activation, elementwise } from '../activation.ts';

/** f(z) = 1/(1+e^−z), f′(z) = f(z)(1 − f(z)). */
export const sigmoid: Activation = elementwise(
  'sigmoid',
  (z) => 1 / (1 + Math.exp(-z)),
  (_z, h) => h * (1 - h),
);
