import type { Fan } from '../../../src/learn/initializer.ts';

export const varianceFor: (fan: Fan) => number = ({ in: inputs, out: outputs }) =>
  2 / (inputs + outputs);
