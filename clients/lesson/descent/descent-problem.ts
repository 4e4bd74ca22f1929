import {
  DescentDiverged,
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

/**
 * How a descent ended. Where its steps ran out, it may still be on its way, have moved to and fro, or run down a slope that has no end.
 */
export type Outcome =
  | 'converged'
  | 'onItsWay'
  | 'overshoots'
  | 'endless'
  | 'diverged'
  | 'notANumber';

/** A descent that was made, or why there is none. */
export type Descent =
  | { readonly error: string }
  | {
      readonly value: (position: readonly number[]) => number;
      readonly gradient: (position: readonly number[]) => readonly number[];
      /** The start and where each step ended. */
      readonly positions: readonly (readonly number[])[];
      readonly steps: readonly DescentStep<readonly number[]>[];
      readonly outcome: Outcome;
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
    const end = run(descentSteps(options), steps);
    const positions = [start, ...steps.map(({ position }) => position)];
    const outcome = outcomeOf(end, { value, gradient, positions, steps });
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
    if (error instanceof DescentDiverged) return 'diverged';
    throw error;
  }
  return steps.at(-1)?.ended ?? 'stepsMax';
};

/** What became of a descent whose steps ran out, or whose position is no finite number any more. */
const outcomeOf = (
  end: 'converged' | 'stepsMax' | 'diverged',
  { value, gradient, positions, steps }: Omit<Exclude<Descent, { error: string }>, 'outcome'>,
): Outcome => {
  if (end === 'converged') return 'converged';
  const last = positions.at(-1)!;
  if (end === 'diverged') return gradient(last).some(Number.isNaN) ? 'notANumber' : 'diverged';
  const middle = positions[Math.floor(positions.length / 2)]!;
  if (!(value(last) < value(middle))) return 'overshoots';
  const [early, late] = [steps[Math.floor(steps.length / 2)]!, steps.at(-1)!];
  return late.distance > early.distance ? 'endless' : 'onItsWay';
};

/** How a descent ended, in a sentence. */
export const outcomeText = (descent: Exclude<Descent, { error: string }>): string => {
  const { outcome, positions, steps } = descent;
  const end = positions.at(-1)!.map((value) => value.toFixed(7).replace('-', '−'));
  const ranOut = `Stopped because its ${steps.length} steps ran out`;
  switch (outcome) {
    case 'converged':
      return `Converged after ${steps.length} steps: the minimum occurs at ${end.join(', ')}.`;
    case 'onItsWay':
      return `${ranOut}, still on its way down: choose a larger step size, or a lower precision.`;
    case 'overshoots':
      return `${ranOut}, without getting lower: each step overshoots. Choose a smaller step size.`;
    case 'endless':
      return `${ranOut}, faster and faster: the function has no minimum this way.`;
    case 'diverged':
      return `Diverged after ${steps.length} steps: it left the finite numbers. Choose a smaller step size.`;
    case 'notANumber':
      return `Stopped after ${steps.length} steps: the slope is not a number at ${end.join(', ')}.`;
  }
};
