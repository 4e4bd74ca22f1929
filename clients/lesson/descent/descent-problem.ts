import {
  type DescentStep,
  derivative,
  descentSteps,
  expressionFunction,
  parseExpression,
} from 'rivulet';

/** A function of one or two variables and how to descend on it, as a reader sets them. */
export interface DescentSettings {
  readonly formula: string;
  /** One number per dimension. */
  readonly start: readonly number[];
  readonly learningRate: number;
  readonly precision: number;
}

/** A descent that was made, or why there is none. */
export type Descent =
  | { readonly error: string }
  | {
      readonly value: (position: readonly number[]) => number;
      readonly gradient: (position: readonly number[]) => readonly number[];
      /** The start and where each step ended. */
      readonly positions: readonly (readonly number[])[];
      readonly steps: readonly DescentStep<readonly number[]>[];
      readonly outcome: 'converged' | 'stepsMax' | 'diverged';
    };

/** The most steps that are shown. */
export const stepsMax = 500;

const names = ['x', 'y'];

/** Descends as the settings say. A mistake in the function is an error in words. */
export const descend = (settings: DescentSettings): Descent => {
  const { formula, start, learningRate, precision } = settings;
  try {
    const variables = names.slice(0, start.length);
    const expression = parseExpression(formula, { variables });
    const compute = expressionFunction(expression, variables);
    const slopes = variables.map((name) =>
      expressionFunction(derivative(expression, name), variables),
    );
    const value = (at: readonly number[]): number => compute(...at);
    const gradient = (at: readonly number[]): readonly number[] =>
      slopes.map((slope) => slope(...at));
    if (!Number.isFinite(value(start))) {
      return { error: `The function is ${value(start)} at the start ${start.join(', ')}.` };
    }
    const steps: DescentStep<readonly number[]>[] = [];
    const options = { gradient, start, learningRate, precision, stepsMax };
    const outcome = run(descentSteps(options), steps);
    const positions = [start, ...steps.map(({ position }) => position)];
    return { value, gradient, positions, steps, outcome };
  } catch (error) {
    return { error: `${(error as Error).message}.` };
  }
};

const run = (
  all: Iterable<DescentStep<readonly number[]>>,
  steps: DescentStep<readonly number[]>[],
): 'converged' | 'stepsMax' | 'diverged' => {
  try {
    for (const step of all) steps.push(step);
  } catch (error) {
    if (error instanceof RangeError) return 'diverged';
    throw error;
  }
  return steps.at(-1)?.ended ?? 'stepsMax';
};

/** How a descent ended, in a sentence. */
export const outcomeText = (descent: Exclude<Descent, { error: string }>): string => {
  const { outcome, positions, steps } = descent;
  const end = positions.at(-1)!.map((value) => value.toFixed(7).replace('-', '−'));
  switch (outcome) {
    case 'converged':
      return `Converged after ${steps.length} steps: the minimum occurs at ${end.join(', ')}.`;
    case 'stepsMax':
      return `Stopped after ${steps.length} steps without converging: choose a larger step size.`;
    case 'diverged':
      return `Diverged after ${steps.length} steps: each step overshoots. Choose a smaller step size.`;
  }
};
