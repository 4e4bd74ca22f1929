import ansis from 'ansis';
import { BrailleCanvas } from '../terminal/braille-canvas.ts';
import { figure } from '../terminal/figures.ts';
import { margin } from './descent-curve.ts';
import type { DescentProblem } from './descent-problem.ts';

const height = 20;

/** Contour lines of f, from the lowest to the highest value on the map. */
const levels = 12;

/** A map of f with contour lines, and the path of a descent on it. */
export const descentMap = (
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
