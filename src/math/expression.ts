/** The operations that an expression may apply: every engine computes each of them. */
export type Operation =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'min'
  | 'max'
  | 'neg'
  | 'abs'
  | 'exp'
  | 'ln'
  | 'tanh'
  | 'sigmoid'
  | 'sqrt'
  /** 1 where the first operand is less than the second, else 0. */
  | 'less'
  /** The second operand where the first is not 0, else the third. */
  | 'choose';

/** What an expression is at its root. */
export type Term =
  | {
      readonly kind: 'constant';
      /** The number. */
      readonly value: number;
    }
  | {
      readonly kind: 'variable';
      /** The name of the variable. */
      readonly name: string;
    }
  | {
      /** Which of the three it is. */
      readonly kind: 'operation';
      /** The operation of a term of terms. */
      readonly operation: Operation;
      /** The terms that the operation is applied to. */
      readonly operands: readonly Expression[];
    };

/** An operand as a caller may write it: a plain number is a constant. */
export type Operand = Expression | number;

/**
 * A formula over named variables, as an immutable tree. It can be evaluated
 * (`expressionFunction`), differentiated (`derivative`), and compiled to a kernel. Methods build
 * larger formulas: `z.div(z.abs().add(1))` is z / (1 + |z|).
 */
export class Expression {
  /** The root: a constant, a variable, or an operation with its operands. */
  readonly term: Term;

  private constructor(term: Term) {
    this.term = term;
  }

  /** A constant, a finite number; −0 counts as 0. Throws a RangeError for any other value. */
  static constant(value: number): Expression {
    if (!Number.isFinite(value)) {
      throw new RangeError(`a constant of an expression must be finite, not ${value}`);
    }
    return new Expression({ kind: 'constant', value: value + 0 });
  }

  /** A variable; its value is given when the expression is evaluated. */
  static variable(name: string): Expression {
    return new Expression({ kind: 'variable', name });
  }

  /** An operation on operands. The methods below say the same in fewer words. */
  static of(operation: Operation, ...operands: readonly Operand[]): Expression {
    return new Expression({ kind: 'operation', operation, operands: operands.map(asExpression) });
  }

  /** a + b. */
  add(other: Operand): Expression {
    return Expression.of('add', this, other);
  }

  /** a − b. */
  sub(other: Operand): Expression {
    return Expression.of('sub', this, other);
  }

  /** a × b. */
  mul(other: Operand): Expression {
    return Expression.of('mul', this, other);
  }

  /** a ÷ b. */
  div(other: Operand): Expression {
    return Expression.of('div', this, other);
  }

  /** The smaller of two. */
  min(other: Operand): Expression {
    return Expression.of('min', this, other);
  }

  /** The larger of two. */
  max(other: Operand): Expression {
    return Expression.of('max', this, other);
  }

  /** −a. */
  neg(): Expression {
    return Expression.of('neg', this);
  }

  /** |a|. */
  abs(): Expression {
    return Expression.of('abs', this);
  }

  /** eᵃ. */
  exp(): Expression {
    return Expression.of('exp', this);
  }

  /** The natural logarithm. */
  ln(): Expression {
    return Expression.of('ln', this);
  }

  /** The hyperbolic tangent. */
  tanh(): Expression {
    return Expression.of('tanh', this);
  }

  /** 1 / (1 + e⁻ᵃ), which does not overflow. */
  sigmoid(): Expression {
    return Expression.of('sigmoid', this);
  }

  /** The square root. */
  sqrt(): Expression {
    return Expression.of('sqrt', this);
  }

  /** 1 where a < b, else 0: the condition of {@link Expression.choose}. */
  isLess(other: Operand): Expression {
    return Expression.of('less', this, other);
  }

  /** 1 where a > b, else 0: the condition of {@link Expression.choose}. */
  isGreater(other: Operand): Expression {
    return Expression.of('less', other, this);
  }

  /** `a` where this condition holds, `b` elsewhere: `z.isGreater(0).choose(z, 0)`. */
  choose(a: Operand, b: Operand): Expression {
    return Expression.of('choose', this, a, b);
  }
}

const asExpression = (operand: Operand): Expression =>
  typeof operand === 'number' ? Expression.constant(operand) : operand;
