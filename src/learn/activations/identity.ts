import { type Activation, elementwise } from '../activation.ts';

/** f(z) = z, f′(z) = 1. */
export const identity: Activation = elementwise(
  'identity',
  (z) => z,
  () => 1,
);
