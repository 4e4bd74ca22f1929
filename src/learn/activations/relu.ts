import { type Activation, elementwise } from '../activation.ts';

/** f(z) = max(0, z); its derivative at 0 is defined as 0. */
export const relu: Activation = elementwise(
  'relu',
  (z) => Math.max(0, z),
  (z) => (z > 0 ? 1 : 0),
);
