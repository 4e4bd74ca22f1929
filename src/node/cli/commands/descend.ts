import { Command, InvalidArgumentError } from 'commander';
import { lastValueFrom, toArray } from 'rxjs';
import type { DescentStep } from '../../../math/descent.ts';
import { gradientDescent } from '../../../sources/gradient-descent.ts';
import { type DescentProblem, descentProblem } from '../descent/descent-problem.ts';
import { descentReport } from '../descent/descent-report.ts';
import { positiveNumber, wholeNumber } from '../options/number-option.ts';
import { jsonLine } from '../terminal/printable.ts';

interface DescendOptions {
  readonly start?: readonly number[];
  readonly rate: number;
  readonly precision: number;
  readonly stepsMax: number;
  readonly dimensions?: number;
  readonly json?: boolean;
}

/** `rivulet descend`: gradient descent in one or two dimensions, drawn in the terminal. */
export const descendCommand = (): Command =>
  new Command('descend')
    .description('minimise a function of x, or of x and y, by gradient descent')
    .argument('[function]', "such as 'x^2 + 5y^2'; default: x^4 - 3x^3 + 2")
    .option('--start <numbers>', 'where to start, such as 6 or -4,2', numbers)
    .option('--rate <number>', 'the step size α', positiveNumber, 0.01)
    .option('--precision <number>', 'stop when a step is at most this long', positiveNumber, 1e-5)
    .option('--steps-max <count>', 'stop after this many steps', wholeNumber(1, 1_000_000), 10_000)
    .option('--dimensions <count>', '1 or 2; default: as the function has', wholeNumber(1, 2))
    .option('--json', 'print the steps as one JSON object')
    .action(descend);

const descend = async (formula: string | undefined, options: DescendOptions): Promise<void> => {
  const { start, dimensions, rate, precision, stepsMax, json } = options;
  const problem = descentProblem({ formula, start, dimensions });
  const steps = await lastValueFrom(
    gradientDescent({ ...problem, learningRate: rate, precision, stepsMax }).pipe(toArray()),
  );
  process.stdout.write(json ? asJson(problem, steps) : `${descentReport(problem, steps)}\n`);
};

/** One number per dimension. */
const numbers = (text: string): number[] => {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.length <= 2 && values.every(Number.isFinite)) return values;
  throw new InvalidArgumentError('Expected one number, or two with a comma between them.');
};

const asJson = (
  { formula, start }: DescentProblem,
  steps: readonly DescentStep<readonly number[]>[],
): string => {
  const positions = [start, ...steps.map(({ position }) => position)];
  const plain = start.length === 1 ? positions.map(([x]) => x!) : positions;
  const { ended } = steps.at(-1)!;
  const end = plain.at(-1);
  return jsonLine({ function: formula, end, ended, steps: steps.length, positions: plain });
};
