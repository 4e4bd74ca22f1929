import { exp } from '../../math/exp.ts';
import { log1p } from '../../math/log.ts';
import { type Activation, elementwise } from '../activation.ts';

/** f(z) = ln(1 + e^z), f′(z) = 1/(1+e^−z). Written so that a large z does not overflow. */
export const softplus: Activation = elementwise(
  'softplus',
  (z) => Math.max(z, 0) + log1p(exp(-Math.abs(z))),
  (z) => 1 / (1 + exp(-z)),
);
