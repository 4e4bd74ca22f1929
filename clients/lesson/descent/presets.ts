import type { DescentSettings } from './descent-problem.ts';

/** Settings to begin with, by the name of a button. */
export interface Preset extends DescentSettings {
  readonly title: string;
}

const precision = 0.00001;

/** For one dimension, and for two. */
export const presets: readonly (readonly Preset[])[] = [
  [
    { title: 'the classic', formula: 'x^4 - 3x^3 + 2', start: [6], learningRate: 0.01, precision },
    { title: 'a bowl', formula: 'x^2', start: [4], learningRate: 0.1, precision },
    {
      title: 'two valleys',
      formula: 'x^4 - 4x^2 + x',
      start: [2.4],
      learningRate: 0.02,
      precision,
    },
    { title: 'a flat end', formula: 'x * tanh(x)', start: [5], learningRate: 0.2, precision },
  ],
  [
    { title: 'a long bowl', formula: 'x^2 + 5y^2', start: [-4, 2], learningRate: 0.05, precision },
    {
      title: 'a bent valley',
      formula: '(1 - x)^2 + 4(y - x^2)^2',
      start: [-1.2, 1.6],
      learningRate: 0.01,
      precision,
    },
    {
      title: 'four bowls',
      formula: '(x^2 - 4)^2 / 8 + (y^2 - 2)^2 / 4 + x / 4',
      start: [0.4, 0.2],
      learningRate: 0.05,
      precision,
    },
  ],
];
