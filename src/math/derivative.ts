import { Expression, type Operation } from './expression.ts';
import { Numbering } from './expression-steps.ts';

/**
 * ∂expression/∂variable, as an expression of the same variables. Where an operation has a corner
 * the derivative is that of one side: |a| counts as rising at 0, min and max as their second operand
 * where both are equal, a condition as constant.
 *
 * Where f is a quotient, an exponential, a root, a tanh or a sigmoid, its derivative contains f
 * itself: {@link replaceTerm} can put a value there that is known already.
 */
export const derivative = (expression: Expression, variable: string): Expression => {
  const known = new Map<Expression, Expression>();
  const visit = (node: Expression): Expression => {
    const found = known.get(node);
    if (found) return found;
    const made = derive(node, variable, visit);
    known.set(node, made);
    return made;
  };
  return visit(expression);
};

/** The expression with every part that has the form of `part` replaced. */
export const replaceTerm = (
  expression: Expression,
  part: Expression,
  replacement: Expression,
): Expression => {
  const numbering = new Numbering();
  const form = numbering.of(part);
  const known = new Map<Expression, Expression>();
  const visit = (node: Expression): Expression => {
    const found = known.get(node);
    if (found) return found;
    const made = numbering.of(node) === form ? replacement : withOperands(node, visit);
    known.set(node, made);
    return made;
  };
  return visit(expression);
};

/** Whether the variable occurs in the expression. */
export const dependsOn = (expression: Expression, variable: string): boolean => {
  const seen = new Set<Expression>([expression]);
  for (const { term } of seen) {
    if (term.kind === 'variable' && term.name === variable) return true;
    if (term.kind === 'operation') for (const operand of term.operands) seen.add(operand);
  }
  return false;
};

const withOperands = (node: Expression, visit: (operand: Expression) => Expression): Expression => {
  const { term } = node;
  if (term.kind !== 'operation') return node;
  const operands = term.operands.map(visit);
  const isSame = operands.every((operand, index) => operand === term.operands[index]);
  return isSame ? node : Expression.of(term.operation, ...operands);
};

const zero = Expression.constant(0);
const one = Expression.constant(1);

const derive = (
  node: Expression,
  variable: string,
  visit: (operand: Expression) => Expression,
): Expression => {
  const { term } = node;
  if (term.kind === 'constant') return zero;
  if (term.kind === 'variable') return term.name === variable ? one : zero;
  return rules[term.operation](node, term.operands, visit);
};

type Rule = (
  node: Expression,
  operands: readonly Expression[],
  visit: (operand: Expression) => Expression,
) => Expression;

const rules: Readonly<Record<Operation, Rule>> = {
  add: (_node, [a, b], d) => sum(d(a!), d(b!)),
  sub: (_node, [a, b], d) => difference(d(a!), d(b!)),
  mul: (_node, [a, b], d) => sum(product(d(a!), b!), product(a!, d(b!))),
  // (a/b)′ = (a′ − (a/b) b′) / b: a quotient that is known already need not be computed again.
  div: (node, [a, b], d) => quotient(difference(d(a!), product(node, d(b!))), b!),
  min: (_node, [a, b], d) => a!.isLess(b!).choose(d(a!), d(b!)),
  max: (_node, [a, b], d) => b!.isLess(a!).choose(d(a!), d(b!)),
  neg: (_node, [a], d) => negative(d(a!)),
  abs: (_node, [a], d) => product(a!.isLess(0).choose(-1, 1), d(a!)),
  exp: (node, [a], d) => product(node, d(a!)),
  ln: (_node, [a], d) => quotient(d(a!), a!),
  tanh: (node, [a], d) => product(one.sub(node.mul(node)), d(a!)),
  sigmoid: (node, [a], d) => product(node.mul(one.sub(node)), d(a!)),
  sqrt: (node, [a], d) => quotient(d(a!), node.add(node)),
  less: () => zero,
  choose: (_node, [condition, a, b], d) => condition!.choose(d(a!), d(b!)),
};

const isConstant = ({ term }: Expression, value: number): boolean =>
  term.kind === 'constant' && term.value === value;

const sum = (a: Expression, b: Expression): Expression => {
  if (isConstant(a, 0)) return b;
  return isConstant(b, 0) ? a : a.add(b);
};

const difference = (a: Expression, b: Expression): Expression => {
  if (isConstant(b, 0)) return a;
  return isConstant(a, 0) ? negative(b) : a.sub(b);
};

const product = (a: Expression, b: Expression): Expression => {
  if (isConstant(a, 0) || isConstant(b, 0)) return zero;
  if (isConstant(a, 1)) return b;
  return isConstant(b, 1) ? a : a.mul(b);
};

const quotient = (a: Expression, b: Expression): Expression => (isConstant(a, 0) ? zero : a.div(b));

const negative = (a: Expression): Expression => {
  if (a.term.kind === 'constant') return Expression.constant(-a.term.value);
  return a.neg();
};
