import type { Expression, Operation } from './expression.ts';

/** One step of a straight-line program; operands are the indices of earlier steps. */
export type Step =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'operation'; readonly operation: Operation; readonly operands: number[] };

/**
 * Several expressions as one straight-line program in which equal parts occur once. The value of
 * the k-th expression is that of the step `results[k]`.
 */
export interface Steps {
  readonly steps: readonly Step[];
  readonly results: readonly number[];
}

/** Numbers expressions: those that are written alike have the same number. */
export class Numbering {
  /** The steps that compute every numbered expression, each after its operands. */
  readonly steps: Step[] = [];
  readonly #byForm = new Map<string, number>();
  readonly #known = new Map<Expression, number>();

  /** The number of the expression, which is the index of its step. */
  of(expression: Expression): number {
    const found = this.#known.get(expression);
    if (found !== undefined) return found;
    const step = this.#stepOf(expression);
    const form = JSON.stringify(step);
    const number = this.#byForm.get(form) ?? this.steps.push(step) - 1;
    this.#byForm.set(form, number);
    this.#known.set(expression, number);
    return number;
  }

  #stepOf({ term }: Expression): Step {
    if (term.kind !== 'operation') return term;
    return { ...term, operands: term.operands.map((operand) => this.of(operand)) };
  }
}

/** Lists the steps that compute the expressions. */
export const stepsOf = (...expressions: readonly Expression[]): Steps => {
  const numbering = new Numbering();
  const results = expressions.map((expression) => numbering.of(expression));
  return { results, steps: numbering.steps };
};
