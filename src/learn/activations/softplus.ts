import { type Activation, elementwise } from '../activation.ts';

/** f(z) = ln(1 + e^z), f′(z) = 1/(1+e^−z). Written so that a large z does not overflow. */
export const softplus: Activation = elementwise(
  'softplus',
  (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  (z) => 1 / (1 + Math.exp(-z)),
);
