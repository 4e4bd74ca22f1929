import { expect, test } from 'vitest';
import { descend, outcomeText } from '../../../../clients/lesson/descent/descent-problem.ts';
import { race } from '../../../../clients/lesson/descent/race.ts';
import { surface } from '../../../../clients/lesson/descent/surface.ts';

const settings = (formula: string, start: readonly number[], learningRate: number) => ({
  ...{ formula, start, learningRate },
  precision: 1e-5,
});

test.each([
  ['x^4 - 3x^3 + 2', [6], 0.01, 'Converged after 70 steps: the minimum occurs at 2.2499646.'],
  ['x^2', [4], 0.0001, 'Stopped because its 500 steps ran out, still on its way down: '],
  ['-x', [1], 0.1, 'Stopped because its 500 steps ran out, still on its way down: '],
  ['-x^2', [1], 0.01, 'Stopped because its 500 steps ran out, faster and faster: '],
  ['abs(x)', [0.05], 0.3, 'Stopped because its 500 steps ran out, without getting lower: '],
  ['x^4', [4], 0.1, 'Diverged after 6 steps: it left the finite numbers. '],
  ['sqrt(x)', [1], 0.9, 'Stopped after 2 steps: the slope is not a number at −'],
] as const)('%s from %j by %d is told as what it is', (formula, start, rate, text) => {
  const descent = descend(settings(formula, start, rate));
  if ('error' in descent) throw new Error(descent.error);
  expect(outcomeText(descent)).toContain(text);
});

test('a function that does not parse, or is not a number at the start, is an error with a place', () => {
  expect(descend(settings('x^2 +', [1], 0.1))).toEqual({
    error: expect.stringContaining('character'),
  });
  expect(descend(settings('ln(x)', [-1], 0.1))).toEqual({
    error: 'The function is NaN at the start -1.',
  });
});

test('racers say each for themselves how they ended', () => {
  const gradient = ([x, y]: readonly number[]) => [2 * x!, 10 * y!];
  const racers = race(gradient, settings('', [-4, 2], 0.21));
  const ended = Object.fromEntries(racers.map(({ name, ended: words }) => [name, words]));
  expect(ended['sgd']).toMatch(/^diverged at step \d+$/);
  expect(
    Object.values(ended).filter((words) => words.startsWith('converged')).length,
  ).toBeGreaterThan(0);
});

test('a surface is drawn from behind, and its path lies on it', () => {
  const frame = { left: -1, right: 1, low: -1, high: 1 };
  const { tiles, project } = surface(([x, y]) => x! ** 2 + y! ** 2, frame, 0);
  expect(tiles).toHaveLength(900);
  const places = tiles.map(({ corners }) => corners);
  expect(places.flat(2).every((value) => value > -0.05 && value < 1.05)).toBe(true);
  // The farthest tile comes first, and the lowest is the middle.
  expect(tiles.reduce((low, tile) => (tile.level < low.level ? tile : low)).level).toBeLessThan(
    0.2,
  );
  const [[middle], [wall]] = [[project([0, 0])], [project([0, 1])]];
  expect(middle![1]).toBeGreaterThan(wall![1]);
});
