import ansis from 'ansis';
import type { DescentStep } from '../../../math/descent.ts';
import { count, figure } from '../terminal/figures.ts';
import { printable } from '../terminal/printable.ts';
import { descentCurve } from './descent-curve.ts';
import { descentMap } from './descent-map.ts';
import type { DescentProblem } from './descent-problem.ts';

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
