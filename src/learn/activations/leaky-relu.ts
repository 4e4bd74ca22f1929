import { type Activation, elementwise } from '../activation.ts';

const slope = 0.01;

/** f(z) = z above 0, 0.01 z elsewhere: a unit that never dies. */
export const leakyRelu: Activation = elementwise(
  'leakyRelu',
  (z) => (z > 0 ? z : slope * z),
  (z) => (z > 0 ? 1 : slope),
);
