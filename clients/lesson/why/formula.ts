/** A formula to be set as MathML: symbols, numbers, and what is built of them. */
export type Formula =
  | { readonly kind: 'row'; readonly parts: readonly Formula[] }
  | { readonly kind: 'symbol'; readonly text: string }
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly id?: string }
  | {
      readonly kind: 'scripts';
      readonly base: Formula;
      readonly sub?: Formula;
      readonly sup?: Formula;
    }
  | { readonly kind: 'fraction'; readonly top: Formula; readonly bottom: Formula }
  | { readonly kind: 'root'; readonly of: Formula };

/** What may stand in a row: a text of letters is a symbol, any other text an operator. */
export type Part = Formula | string;

const isSymbol = /^[\p{L}∂∇]+$/u;

const asFormula = (part: Part): Formula => {
  if (typeof part !== 'string') return part;
  return { kind: isSymbol.test(part) ? 'symbol' : 'operator', text: part };
};

/** Parts side by side. */
export const row = (...parts: readonly Part[]): Formula => ({
  kind: 'row',
  parts: parts.map(asFormula),
});

/** A constant that needs no explanation, such as the ½ of a cost. */
export const constant = (value: number): Formula => ({ kind: 'number', value });

/** A number of the model that can be asked where it comes from. */
export const numberOf = (value: number, id: string): Formula => ({ kind: 'number', value, id });

/** A symbol with a lower and an upper index. */
export const indexed = (base: Part, sub?: Part, sup?: Part): Formula => ({
  kind: 'scripts',
  base: asFormula(base),
  ...(sub !== undefined && { sub: asFormula(sub) }),
  ...(sup !== undefined && { sup: asFormula(sup) }),
});

/** One over another. */
export const fraction = (top: Part, bottom: Part): Formula => ({
  kind: 'fraction',
  top: asFormula(top),
  bottom: asFormula(bottom),
});

/** A square root. */
export const root = (of: Part): Formula => ({ kind: 'root', of: asFormula(of) });

/** Terms with an operator between them. */
export const joined = (terms: readonly Formula[], operator: string): Formula =>
  row(...terms.flatMap((term, index) => (index === 0 ? [term] : [operator, term])));
