import { exp } from './exp.ts';
import type { Expression, Operation } from './expression.ts';
import { type Step, stepsOf } from './expression-steps.ts';
import { log } from './log.ts';
import { tanh } from './tanh.ts';

/**
 * The expression as a function of its variables, in the order of `variables`, in float64. It
 * allocates nothing when it is called. Throws a TypeError if the expression has a variable that is
 * not listed.
 */
export const expressionFunction = (
  expression: Expression,
  variables: readonly string[],
): ((...values: number[]) => number) => {
  const { steps, results } = stepsOf(expression);
  const values = new Float64Array(steps.length);
  const inputs: [number, number][] = [];
  const operations: OperationStep[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'constant') values[index] = step.value;
    else if (step.kind === 'variable') inputs.push([index, positionOf(step.name, variables)]);
    else operations.push(operationStep(index, step));
  }
  const result = results[0]!;
  return (...given) => {
    for (const [index, position] of inputs) values[index] = given[position]!;
    for (const { index, apply, a, b, c } of operations) {
      values[index] = apply(values[a]!, values[b]!, values[c]!);
    }
    return values[result]!;
  };
};

interface OperationStep {
  readonly index: number;
  readonly apply: (a: number, b: number, c: number) => number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const operationStep = (index: number, step: Step & { kind: 'operation' }): OperationStep => {
  const [a = 0, b = 0, c = 0] = step.operands;
  return { index, apply: operations[step.operation], a, b, c };
};

const positionOf = (name: string, variables: readonly string[]): number => {
  const position = variables.indexOf(name);
  if (position >= 0) return position;
  throw new TypeError(`the expression uses ${name}; its variables are ${variables.join(', ')}`);
};

const operations: Readonly<Record<Operation, (a: number, b: number, c: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  neg: (a) => -a,
  abs: (a) => Math.abs(a),
  exp,
  ln: log,
  tanh,
  sigmoid: (a) => 1 / (1 + exp(-a)),
  sqrt: (a) => Math.sqrt(a),
  less: (a, b) => (a < b ? 1 : 0),
  choose: (a, b, c) => (a !== 0 ? b : c),
};
