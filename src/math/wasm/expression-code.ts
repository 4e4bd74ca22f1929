import type { Operation } from '../expression.ts';
import type { Step, Steps } from '../expression-steps.ts';
import { F32x4 } from './f32x4.ts';
import type { FunctionBuilder } from './function-builder.ts';
import { expLanes, logLanes, sigmoidLanes, tanhLanes } from './vector-functions.ts';

/**
 * Expressions as code, for four lanes at a time. Each step is kept in a local, so that a part that
 * is used twice is computed once. Returns the values of `results`.
 */
export const expressionCode = (
  f: FunctionBuilder,
  { steps, results }: Steps,
  variables: Readonly<Record<string, F32x4>>,
): F32x4[] => {
  const uses = useCounts({ steps, results });
  const values: F32x4[] = [];
  for (const [index, step] of steps.entries()) {
    const value = codeOf(f, step, { values, variables });
    values.push(step.kind === 'operation' && uses[index]! > 1 ? f.keep(value) : value);
  }
  return results.map((index) => values[index]!);
};

/** How many operands and results refer to each step. */
const useCounts = ({ steps, results }: Steps): number[] => {
  const counts = steps.map((_, index) => results.filter((result) => result === index).length);
  for (const step of steps) {
    if (step.kind !== 'operation') continue;
    for (const operand of step.operands) counts[operand]! += 1;
  }
  return counts;
};

const codeOf = (
  f: FunctionBuilder,
  step: Step,
  { values, variables }: { values: readonly F32x4[]; variables: Readonly<Record<string, F32x4>> },
): F32x4 => {
  if (step.kind === 'constant') return F32x4.splat(step.value);
  if (step.kind === 'variable') return variables[step.name]!;
  const [a, b, c] = step.operands.map((operand) => values[operand]!);
  return operations[step.operation](f, a!, b!, c!);
};

type Emit = (f: FunctionBuilder, a: F32x4, b: F32x4, c: F32x4) => F32x4;

const operations: Readonly<Record<Operation, Emit>> = {
  add: (_f, a, b) => a.add(b),
  sub: (_f, a, b) => a.sub(b),
  mul: (_f, a, b) => a.mul(b),
  div: (_f, a, b) => a.div(b),
  min: (_f, a, b) => a.min(b),
  max: (_f, a, b) => a.max(b),
  neg: (_f, a) => a.neg(),
  abs: (_f, a) => a.abs(),
  exp: (f, a) => expLanes(f, a),
  ln: (f, a) => logLanes(f, a),
  tanh: (f, a) => tanhLanes(f, a),
  sigmoid: (f, a) => sigmoidLanes(f, a),
  sqrt: (_f, a) => a.sqrt(),
  less: (_f, a, b) => a.isLess(b).and(F32x4.splat(1)),
  choose: (_f, a, b, c) => F32x4.select(a.isEqual(0), c, b),
};
