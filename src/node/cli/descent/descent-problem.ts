import { derivative } from '../../../math/derivative.ts';
import type { Expression } from '../../../math/expression.ts';
import { expressionFunction } from '../../../math/expression-function.ts';
import { stepsOf } from '../../../math/expression-steps.ts';
import { parseExpression } from '../../../math/parse-expression.ts';
import { Misuse } from '../terminal/misuse.ts';

/** A function to minimise, in one or two dimensions, and where the descent starts. */
export interface DescentProblem {
  readonly formula: string;
  /** f at a position. */
  readonly value: (position: readonly number[]) => number;
  /** ∇f at a position. */
  readonly gradient: (position: readonly number[]) => readonly number[];
  /** One number per dimension. */
  readonly start: readonly number[];
}

/** What the command line gives; what is absent follows from the rest. */
export interface ProblemOptions {
  readonly formula?: string | undefined;
  readonly start?: readonly number[] | undefined;
  /** 1 or 2. */
  readonly dimensions?: number | undefined;
}

const names = ['x', 'y'];

/** Per dimension: the function of the classic example, and a bowl five times as steep one way. */
const examples = [
  { formula: 'x^4 - 3x^3 + 2', start: [6] },
  { formula: 'x^2 + 5y^2', start: [-4, 2] },
];

/**
 * The function, its gradient and the start. Throws a Misuse if they do not fit each other or the
 * function has no finite value at the start.
 */
export const descentProblem = (options: ProblemOptions): DescentProblem => {
  const dimensions = dimensionsOf(options);
  const variables = names.slice(0, dimensions);
  const { formula = examples[dimensions - 1]!.formula } = options;
  const start = options.start ?? examples[dimensions - 1]!.start;
  if (start.length !== dimensions) {
    throw new Misuse(
      `--start has ${start.length} numbers, but the function has ${dimensions} dimensions`,
    );
  }
  const expression = parsed(formula, variables);
  const value = over(expression, variables);
  const slopes = variables.map((name) => over(derivative(expression, name), variables));
  if (!Number.isFinite(value(start))) {
    throw new Misuse(`the function is ${value(start)} at the start ${start.join(', ')}`);
  }
  return { formula, value, gradient: (at) => slopes.map((slope) => slope(at)), start };
};

const dimensionsOf = ({ dimensions, start, formula }: ProblemOptions): number => {
  if (dimensions !== undefined) return dimensions;
  if (start) return start.length;
  return formula !== undefined && usesY(parsed(formula, names)) ? 2 : 1;
};

const usesY = (expression: Expression): boolean =>
  stepsOf(expression).steps.some((step) => step.kind === 'variable' && step.name === 'y');

const parsed = (formula: string, variables: readonly string[]): Expression => {
  try {
    return parseExpression(formula, { variables });
  } catch (error) {
    throw new Misuse(`invalid function "${formula}": ${(error as SyntaxError).message}`);
  }
};

const over = (
  expression: Expression,
  variables: readonly string[],
): ((position: readonly number[]) => number) => {
  const compute = expressionFunction(expression, variables);
  return (position) => compute(...position);
};
