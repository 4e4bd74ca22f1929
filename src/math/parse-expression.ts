import { Expression, type Operation } from './expression.ts';
import { expressionFunction } from './expression-function.ts';
import { stepsOf } from './expression-steps.ts';

/** Options of {@link parseExpression}. */
export interface ParseExpressionOptions {
  /** The names that may occur as variables. Default: any name is a variable. */
  readonly variables?: readonly string[];
}

/** The longest formula, in characters; it also bounds how deep parentheses nest. */
const charactersMax = 1_000;

/** The largest whole exponent: such a power is a product. */
const exponentMax = 64;

/**
 * A formula that a user wrote, such as `x^4 - 3x^3 + 2`, as an {@link Expression}. It may use
 * `+ - * / ^`, parentheses, numbers, `pi` and `e`, `a < b ? a : b`, and the functions abs, min, max,
 * exp, ln, tanh, sigmoid and sqrt. A number may stand before a name without `*`. Nothing is evaluated
 * as code.
 *
 * Throws a SyntaxError that says what is wrong and at which character, counted from 1.
 */
export const parseExpression = (
  text: string,
  { variables }: ParseExpressionOptions = {},
): Expression => {
  if (text.length > charactersMax) {
    throw new SyntaxError(`a formula has at most ${charactersMax} characters, not ${text.length}`);
  }
  return new Parser(text, variables).parse();
};

interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  /** Where it begins: characters from the start of the formula. */
  readonly index: number;
}

const tokenPattern =
  /(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[a-zA-Z_]\w*)|(?<sign>\S)/g;

const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  for (const { groups, index, 0: match } of text.matchAll(tokenPattern)) {
    const kind = groups!['number'] ? 'number' : groups!['name'] ? 'name' : 'sign';
    tokens.push({ kind, text: match, index });
  }
  return [...tokens, { kind: 'end', text: '', index: text.length }];
};

/** Binary operators with how tightly they bind; each takes its operands from left to right. */
const operators: Readonly<Record<string, { binds: number; operation: Operation }>> = {
  '+': { binds: 2, operation: 'add' },
  '-': { binds: 2, operation: 'sub' },
  '*': { binds: 3, operation: 'mul' },
  '/': { binds: 3, operation: 'div' },
};

const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

const functions: Readonly<Record<string, number>> = {
  abs: 1,
  exp: 1,
  ln: 1,
  sqrt: 1,
  tanh: 1,
  sigmoid: 1,
  min: 2,
  max: 2,
};

/** Precedence climbing: V. Pratt, "Top Down Operator Precedence", 1973. */
class Parser {
  readonly #tokens: readonly Token[];
  readonly #variables: readonly string[] | undefined;
  #at = 0;

  constructor(text: string, variables: readonly string[] | undefined) {
    this.#tokens = tokensOf(text);
    this.#variables = variables;
  }

  parse(): Expression {
    const expression = this.#choice();
    if (this.#next.kind !== 'end') throw this.#unexpected('an operator');
    return expression;
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  /** Consumes the next token if it is this sign. */
  #accepts(sign: string): boolean {
    const isIt = this.#next.kind === 'sign' && this.#next.text === sign;
    if (isIt) this.#at += 1;
    return isIt;
  }

  #expect(sign: string): void {
    if (!this.#accepts(sign)) throw this.#unexpected(`"${sign}"`);
  }

  /** `comparison ? a : b`, or a sum. */
  #choice(): Expression {
    const { index } = this.#next;
    const left = this.#sum(0);
    const isLess = this.#accepts('<');
    if (!isLess && !this.#accepts('>')) return left;
    const right = this.#sum(0);
    if (!this.#accepts('?')) {
      throw mistake('a comparison needs a choice: a < b ? value : other value', index);
    }
    const first = this.#choice();
    this.#expect(':');
    const condition = isLess ? left.isLess(right) : left.isGreater(right);
    return condition.choose(first, this.#choice());
  }

  /** Sums and products whose operators bind more tightly than `least`. */
  #sum(least: number): Expression {
    let left = this.#signed();
    for (;;) {
      const { kind, text } = this.#next;
      const found = kind === 'sign' && Object.hasOwn(operators, text) ? operators[text] : undefined;
      if (!found || found.binds <= least) return left;
      this.#at += 1;
      left = Expression.of(found.operation, left, this.#sum(found.binds));
    }
  }

  /** −x^2 is −(x^2): a sign binds less tightly than a power. */
  #signed(): Expression {
    if (this.#accepts('+')) return this.#signed();
    if (!this.#accepts('-')) return this.#power();
    const operand = this.#signed();
    return operand.term.kind === 'constant'
      ? Expression.constant(-operand.term.value)
      : operand.neg();
  }

  /** Powers bind from right to left: 2^3^2 is 2^9. */
  #power(): Expression {
    const base = this.#primary();
    const { index } = this.#next;
    if (!this.#accepts('^')) return base;
    return powerOf(base, this.#signed(), index);
  }

  #primary(): Expression {
    const token = this.#next;
    if (this.#accepts('(')) {
      const inner = this.#choice();
      this.#expect(')');
      return inner;
    }
    if (token.kind === 'number') return this.#number(token);
    if (token.kind === 'name') return this.#named(token);
    throw this.#unexpected('a number, a variable, a function or "("');
  }

  /** A number; directly before a name or "(" it is a factor: 3x^2 is 3 · x^2. */
  #number({ text, index }: Token): Expression {
    this.#at += 1;
    const value = Number(text);
    if (!Number.isFinite(value)) throw mistake(`the number ${text} is too large`, index);
    const number = Expression.constant(value);
    const { kind, text: sign } = this.#next;
    const isFactor = kind === 'name' || (kind === 'sign' && sign === '(');
    return isFactor ? number.mul(this.#power()) : number;
  }

  #named({ text: name, index }: Token): Expression {
    this.#at += 1;
    if (this.#next.kind === 'sign' && this.#next.text === '(') return this.#call(name, index);
    if (Object.hasOwn(constants, name)) return Expression.constant(constants[name]!);
    if (Object.hasOwn(functions, name)) {
      throw mistake(`${name} is a function: write ${name}(…)`, index);
    }
    if (this.#variables && !this.#variables.includes(name)) {
      throw mistake(`unknown name ${name}; the variables are ${this.#variables.join(', ')}`, index);
    }
    return Expression.variable(name);
  }

  #call(name: string, index: number): Expression {
    if (!Object.hasOwn(functions, name)) {
      const known = Object.keys(functions).join(', ');
      throw mistake(`unknown function ${name}; the functions are ${known}`, index);
    }
    this.#expect('(');
    const operands = [this.#choice()];
    while (this.#accepts(',')) operands.push(this.#choice());
    this.#expect(')');
    const count = functions[name]!;
    if (operands.length !== count) {
      throw mistake(`${name} takes ${count} operands, not ${operands.length}`, index);
    }
    return Expression.of(name as Operation, ...operands);
  }

  #unexpected(expected: string): SyntaxError {
    const { kind, text, index } = this.#next;
    const found = kind === 'end' ? 'the formula ends' : `found "${text}"`;
    return mistake(`expected ${expected}, but ${found}`, index);
  }
}

/** A whole exponent makes a product; any other is e^(b ln a), for a > 0. */
const powerOf = (base: Expression, exponent: Expression, index: number): Expression => {
  const value = constantValue(exponent);
  if (value === undefined || !Number.isInteger(value)) return base.ln().mul(exponent).exp();
  const count = Math.abs(value);
  if (count > exponentMax) throw mistake(`a whole exponent is at most ${exponentMax}`, index);
  let product = Expression.constant(1);
  for (let factor = 0; factor < count; factor++) product = factor === 0 ? base : product.mul(base);
  return value < 0 ? Expression.constant(1).div(product) : product;
};

/** The value of an expression without variables. */
const constantValue = (expression: Expression): number | undefined => {
  const isConstant = stepsOf(expression).steps.every(({ kind }) => kind !== 'variable');
  return isConstant ? expressionFunction(expression, [])() : undefined;
};

const mistake = (what: string, index: number): SyntaxError =>
  new SyntaxError(`${what} (character ${index + 1})`);
