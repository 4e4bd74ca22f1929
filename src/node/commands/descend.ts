import { Command } from 'commander';
import { lastValueFrom, toArray } from 'rxjs';
import type { DescentStep } from '../../math/descent.ts';
import { gradientDescent } from '../../sources/gradient-descent.ts';
import { drawDescent } from '../command-line/descent-plot.ts';
import { positiveNumber } from '../command-line/number-option.ts';

/** The example: f(x) = x⁴ − 3x³ + 2, whose derivative is 4x³ − 9x²; it is smallest at 9/4. */
const f = (x: number): number => x ** 4 - 3 * x ** 3 + 2;
const derivative = (x: number): number => 4 * x ** 3 - 9 * x ** 2;

const start = 6;

/** `rivulet descend`: gradient descent in one dimension, drawn in the terminal. */
export const descendCommand = (): Command =>
  new Command('descend')
    .description('walk down x⁴ − 3x³ + 2 by its derivative 4x³ − 9x², from 6')
    .option('--rate <number>', 'the learning rate α', positiveNumber, 0.01)
    .option('--json', 'print the steps as one JSON object')
    .action(descend);

const descend = async ({ rate, json }: { rate: number; json?: boolean }): Promise<void> => {
  const steps = await lastValueFrom(
    gradientDescent({ gradient: derivative, start, learningRate: rate }).pipe(toArray()),
  );
  process.stdout.write(json ? asJson(steps) : `${drawDescent(f, start, steps)}\n`);
};

const asJson = (steps: readonly DescentStep<number>[]): string => {
  const positions = [start, ...steps.map(({ position }) => position)];
  return `${JSON.stringify({ end: positions.at(-1), steps: steps.length, positions })}\n`;
};
