import type { JSX } from 'preact';
import type { Formula } from '../why/formula.ts';
import { equationNumber } from './number-text.ts';
import { pickable } from './pickable.ts';

/** What an equation is given. */
export interface MathViewProps {
  readonly formula: Formula;
  /** Called with the identifier of a number that was chosen. */
  readonly onPick?: (id: string) => void;
  /** What a number is, for people who cannot see the equation. */
  readonly titleOf?: (id: string) => string;
  readonly isBlock?: boolean;
}

/** A formula as MathML. Its numbers can be chosen by mouse or keyboard. */
export function MathView({ formula, isBlock = true, ...rest }: MathViewProps): JSX.Element {
  return (
    <math display={isBlock ? 'block' : 'inline'}>
      <Part formula={formula} {...rest} />
    </math>
  );
}

type PartProps = Omit<MathViewProps, 'isBlock'>;

function Part({ formula, ...rest }: PartProps): JSX.Element {
  switch (formula.kind) {
    case 'symbol':
      return <mi>{formula.text}</mi>;
    case 'operator':
      return <mo>{formula.text}</mo>;
    case 'number':
      return <NumberPart {...formula} {...rest} />;
    case 'row':
      return <Row parts={formula.parts} {...rest} />;
    case 'fraction':
      return (
        <mfrac>
          <Part formula={formula.top} {...rest} />
          <Part formula={formula.bottom} {...rest} />
        </mfrac>
      );
    case 'root':
      return (
        <msqrt>
          <Part formula={formula.of} {...rest} />
        </msqrt>
      );
    case 'scripts':
      return <Scripts {...formula} {...rest} />;
  }
}

/** A negative number behind an operator stands in parentheses: 2 · (−3). */
function Row({
  parts,
  ...rest
}: Omit<PartProps, 'formula'> & { parts: readonly Formula[] }): JSX.Element {
  return (
    <mrow>
      {parts.map((part, index) => {
        const before = parts[index - 1];
        const isOperand = before?.kind === 'operator' && !'(=←,'.includes(before.text);
        const inner = <Part key={index} formula={part} {...rest} />;
        if (!isOperand || !beginsNegative(part)) return inner;
        return (
          <mrow key={index}>
            <mo>(</mo>
            {inner}
            <mo>)</mo>
          </mrow>
        );
      })}
    </mrow>
  );
}

const beginsNegative = (formula: Formula): boolean => {
  if (formula.kind === 'number') return formula.value < 0;
  return (
    formula.kind === 'row' && formula.parts[0] !== undefined && beginsNegative(formula.parts[0])
  );
};

function NumberPart({
  value,
  id,
  onPick,
  titleOf,
}: Omit<PartProps, 'formula'> & { value: number; id?: string }): JSX.Element {
  const text = equationNumber(value);
  if (id === undefined || !onPick) return <mn>{text}</mn>;
  return (
    <mrow
      class="pick"
      data-quantity={id}
      {...pickable(`${titleOf?.(id) ?? ''}: ${text}`, () => onPick(id))}
    >
      <mn>{text}</mn>
    </mrow>
  );
}

function Scripts({
  base,
  sub,
  sup,
  ...rest
}: Omit<PartProps, 'formula'> & { base: Formula; sub?: Formula; sup?: Formula }): JSX.Element {
  const inner = <Part formula={base} {...rest} />;
  if (sub && sup) {
    return (
      <msubsup>
        {inner}
        <Part formula={sub} {...rest} />
        <Part formula={sup} {...rest} />
      </msubsup>
    );
  }
  if (sub) {
    return (
      <msub>
        {inner}
        <Part formula={sub} {...rest} />
      </msub>
    );
  }
  return (
    <msup>
      {inner}
      <Part formula={sup!} {...rest} />
    </msup>
  );
}
