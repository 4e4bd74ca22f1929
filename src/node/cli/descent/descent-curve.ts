import ansis from 'ansis';
import { cubeRoot } from '../../../math/power.ts';
import { BrailleCanvas } from '../terminal/braille-canvas.ts';
import { figure } from '../terminal/figures.ts';
import type { DescentProblem } from './descent-problem.ts';

const height = 14;

/** The curve of f with the positions of a descent on it. */
export const descentCurve = (
  { value }: DescentProblem,
  positions: readonly (readonly number[])[],
  width: number,
): string[] => {
  const f = (x: number): number => value([x]);
  const visited = positions.map(([x]) => x!);
  const canvas = new BrailleCanvas(width, height);
  const [low, high] = margin(Math.min(...visited), Math.max(...visited));
  const dots = 4 * canvas.width;
  const xs = Array.from({ length: dots }, (_, i) => low + ((high - low) * i) / (dots - 1));
  const values = xs.map(f).filter(Number.isFinite);
  const bottom = Math.min(...values);
  const top = Math.max(...values, bottom + Number.MIN_VALUE);
  // The cube root shows the valley, which the wall beside it would flatten.
  const place = (x: number): [number, number] => [
    (x - low) / (high - low),
    cubeRoot((f(x) - bottom) / (top - bottom)) * 0.94 + 0.03,
  ];
  for (const x of xs) if (Number.isFinite(f(x))) canvas.dot(...place(x));
  for (const x of visited) canvas.mark(...place(x), ansis.yellow('●'));
  canvas.mark(...place(visited[0]!), ansis.cyan('●'));
  canvas.mark(...place(visited.at(-1)!), ansis.green('●'));
  const axis = `${figure(low)}${figure(high).padStart(canvas.width - figure(low).length)}`;
  return [...canvas.lines(), ansis.dim(axis)];
};

/** A twentieth more on both sides; a descent that went nowhere still has a width. */
export const margin = (low: number, high: number): [number, number] => {
  const extra = (high - low) * 0.05 || Math.max(1, Math.abs(low)) * 0.5;
  return [low - extra, high + extra];
};
