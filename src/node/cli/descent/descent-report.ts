import ansis from 'ansis';
import type { DescentStep } from '../../../math/descent.ts';
import { cubeRoot } from '../../../math/power.ts';
import { BrailleCanvas } from '../terminal/braille-canvas.ts';
import { count, figure } from '../terminal/figures.ts';
import { printable } from '../terminal/printable.ts';
import type { DescentProblem } from './descent-problem.ts';

const curveHeight = 14;

/** The curve of f with the positions of a descent on it. */
const descentCurve = (
  { value }: DescentProblem,
  positions: readonly (readonly number[])[],
  width: number,
): string[] => {
  const f = (x: number): number => value([x]);
  const visited = positions.map(([x]) => x!);
  const canvas = new BrailleCanvas(width, curveHeight);
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
const margin = (low: number, high: number): [number, number] => {
  const extra = (high - low) * 0.05 || Math.max(1, Math.abs(low)) * 0.5;
  return [low - extra, high + extra];
};

const height = 20;

/** Contour lines of f, from the lowest to the highest value on the map. */
const levels = 12;

/** A map of f with contour lines, and the path of a descent on it. */
const descentMap = (
  { value }: DescentProblem,
  positions: readonly (readonly number[])[],
  width: number,
): string[] => {
  const canvas = new BrailleCanvas(width, height);
  const [left, right] = rangeOf(positions.map(([x]) => x!));
  const [low, high] = rangeOf(positions.map(([, y]) => y!));
  const at = (u: number, v: number): number =>
    value([left + u * (right - left), low + v * (high - low)]);
  for (const [u, v] of contourDots(at, { columns: 2 * width, rows: 4 * height })) canvas.dot(u, v);
  const place = ([x, y]: readonly number[]): [number, number] => [
    (x! - left) / (right - left),
    (y! - low) / (high - low),
  ];
  for (const position of positions) canvas.mark(...place(position), ansis.yellow('●'));
  canvas.mark(...place(positions[0]!), ansis.cyan('●'));
  canvas.mark(...place(positions.at(-1)!), ansis.green('●'));
  const xAxis = `x ${figure(left)} … ${figure(right)}`;
  return [...canvas.lines(), ansis.dim(`${xAxis}   y ${figure(low)} … ${figure(high)}`)];
};

const rangeOf = (values: readonly number[]): [number, number] =>
  margin(Math.min(...values), Math.max(...values));

/**
 * The dots where a contour line passes: the level of a dot differs from that of its neighbour. The
 * levels are closer where f is low, because that is where a descent ends.
 */
function* contourDots(
  at: (u: number, v: number) => number,
  { columns, rows }: { columns: number; rows: number },
): Generator<[number, number]> {
  const u = (column: number): number => (column + 0.5) / columns;
  const v = (row: number): number => (row + 0.5) / rows;
  const values = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => at(u(column), v(row))),
  );
  const finite = values.flat().filter(Number.isFinite);
  const bottom = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const top = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const levelAt = (row: number, column: number): number =>
    Math.floor(Math.sqrt((values[row]![column]! - bottom) / (top - bottom)) * levels);
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const level = levelAt(row, column);
      const isEdge = level !== levelAt(row + 1, column) || level !== levelAt(row, column + 1);
      if (isEdge && Number.isFinite(level)) yield [u(column), v(row)];
    }
  }
}

type Step = DescentStep<readonly number[]>;

const widthMax = 72;
const indent = '  ';

/** A picture of the descent, its first and last steps as a table, and how it ended. */
export const descentReport = (problem: DescentProblem, steps: readonly Step[]): string => {
  const positions = [problem.start, ...steps.map(({ position }) => position)];
  const width = Math.max(10, Math.min(widthMax, (process.stdout.columns ?? 80) - 4));
  const draw = problem.start.length === 1 ? descentCurve : descentMap;
  return [
    `${indent}f = ${printable(problem.formula)}`,
    '',
    ...[...draw(problem, positions, width), '', ...table(steps)].map((line) => indent + line),
    '',
    ...outcome(problem, steps),
  ].join('\n');
};

const outcome = ({ start }: DescentProblem, steps: readonly Step[]): string[] => {
  const { position, distance, ended } = steps.at(-1)!;
  const [from, to] = [start, position].map((at) => at.join(', '));
  const way = `${count(steps.length)} steps from ${from} to ${ansis.bold(to!)}`;
  if (ended === 'converged') {
    const found = position.map((value) => value.toFixed(6)).join(', ');
    return [way, ansis.green(`The local minimum occurs at ${found}`)];
  }
  return [
    way,
    ansis.yellow(
      `Stopped by --steps-max: not converged, the last step still moved ${figure(distance)}`,
    ),
  ];
};

const headCount = 5;
const tailCount = 3;

const table = (steps: readonly Step[]): string[] => {
  const dimensions = steps[0]!.position.length;
  const names = dimensions === 1 ? ['x', '∇f', 'moved'] : ['x', 'y', '∂f/∂x', '∂f/∂y', 'moved'];
  const row = ({ step, position, gradient, distance }: Step): string =>
    cells(String(step), [
      ...position.map((value) => value.toFixed(6)),
      ...[...gradient, distance].map(figure),
    ]);
  const title = ansis.dim(cells('step', names));
  if (steps.length <= headCount + tailCount) return [title, ...steps.map(row)];
  const head = steps.slice(0, headCount).map(row);
  return [title, ...head, ansis.dim('   …'), ...steps.slice(-tailCount).map(row)];
};

const cells = (first: string, rest: readonly string[]): string =>
  [first.padStart(5), ...rest.map((text) => text.padStart(11))].join('  ');
