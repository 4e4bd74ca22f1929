import ansis from 'ansis';
import type { DescentStep } from '../../math/descent.ts';
import { BrailleCanvas } from './braille-canvas.ts';
import { figure } from './figures.ts';

const widthMax = 72;
const height = 14;

/** A curve with the way that a descent took on it, and its steps as numbers. */
export const drawDescent = (
  f: (x: number) => number,
  start: number,
  steps: readonly DescentStep<number>[],
): string => {
  const end = steps.at(-1)!.position;
  const text = `${steps.length} steps from ${start} to ${ansis.bold.green(String(end))}`;
  return [
    ...picture(f, [start, ...steps.map(({ position }) => position)]),
    '',
    ...table(steps),
    '',
    text,
  ].join('\n');
};

const picture = (f: (x: number) => number, positions: readonly number[]): string[] => {
  const canvas = new BrailleCanvas(Math.min(widthMax, (process.stdout.columns ?? 80) - 4), height);
  const [low, high] = margin(Math.min(...positions), Math.max(...positions));
  const dots = 4 * canvas.width;
  const xs = Array.from({ length: dots }, (_, i) => low + ((high - low) * i) / (dots - 1));
  const bottom = Math.min(...xs.map(f));
  const top = Math.max(...xs.map(f));
  // The cube root shows the valley, which the wall beside it would flatten.
  const place = (x: number): [number, number] => [
    (x - low) / (high - low),
    Math.cbrt((f(x) - bottom) / (top - bottom)) * 0.94 + 0.03,
  ];
  for (const x of xs) canvas.dot(...place(x));
  for (const x of positions) canvas.mark(...place(x), ansis.yellow('●'));
  canvas.mark(...place(positions[0]!), ansis.cyan('●'));
  canvas.mark(...place(positions.at(-1)!), ansis.green('●'));
  const axis = `${figure(low)}${figure(high).padStart(canvas.width - figure(low).length)}`;
  return [...canvas.lines().map((line) => `  ${line}`), `  ${ansis.dim(axis)}`];
};

const margin = (low: number, high: number): [number, number] => {
  const room = (high - low) * 0.05;
  return [low - room, high + room];
};

const headCount = 5;
const tailCount = 3;

const table = (steps: readonly DescentStep<number>[]): string[] => {
  const row = ({ step, position, gradient, distance }: DescentStep<number>): string =>
    `  ${String(step).padStart(4)}  ${position.toFixed(10).padStart(14)}  ${figure(gradient).padStart(12)}  ${figure(distance).padStart(12)}`;
  const title = ansis.dim(
    `  ${'step'.padStart(4)}  ${'w'.padStart(14)}  ${'∇error'.padStart(12)}  ${'moved'.padStart(12)}`,
  );
  if (steps.length <= headCount + tailCount) return [title, ...steps.map(row)];
  const head = steps.slice(0, headCount).map(row);
  return [title, ...head, ansis.dim('     …'), ...steps.slice(-tailCount).map(row)];
};
