import type { Example } from '../../sources/example.ts';
import type { PackedExamples, Shape } from './packed-examples.ts';

/** Gives the values of a batch one by one. */
type Next = () => unknown;

/** For so many examples of one shape it pays to make code. */
const rowsMin = 64;

/** Makes the examples of packed batches anew, of which one after the other tends to have the same shape. */
export class Unpacker {
  #shape: Shape = { features: [], others: [] };
  #make = makerOf(this.#shape);

  /** The examples that were packed; undefined where there was none. */
  unpack({ shapes, order, numbers, rest }: PackedExamples): (Example | undefined)[] {
    let numberCount = 0;
    let restCount = 0;
    const next: Next = () => {
      const value = numbers[numberCount++]!;
      return Number.isNaN(value) ? rest[restCount++] : value;
    };
    const examples: (Example | undefined)[] = [];
    let [place, make] = [-1, this.#make];
    for (const [k, at] of order.entries()) {
      if (at >= 0 && at !== place) {
        place = at;
        make = this.#maker(shapes[at]!, order[k + rowsMin - 1] === at);
      }
      examples.push(at < 0 ? undefined : make(next));
    }
    return examples;
  }

  /** What makes examples of a shape, of which there may be many. */
  #maker(shape: Shape, areMany: boolean): (next: Next) => Example {
    if (isSame(shape, this.#shape)) return this.#make;
    if (!areMany) return (next) => assemble(shape, next);
    this.#shape = shape;
    this.#make = makerOf(shape);
    return this.#make;
  }
}

const assemble = ({ features: names, others }: Shape, next: Next): Example => {
  const features: Record<string, unknown> = {};
  for (const name of names) features[name] = next();
  const example: Record<string, unknown> = { features };
  for (const name of others) example[name] = next();
  return example as unknown as Example;
};

/**
 * Code for one shape: an object that is written out as a literal takes a quarter of the time of one
 * that gets name after name. Names are quoted as JSON: nothing that a source says is run.
 */
const makerOf = (shape: Shape): ((next: Next) => Example) => {
  const fields = (names: readonly string[]): string =>
    names.map((name) => `[${JSON.stringify(name)}]: next(), `).join('');
  const literal = `{ features: { ${fields(shape.features)} }, ${fields(shape.others)} }`;
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- see above
    return new Function('next', `return ${literal};`) as (next: Next) => Example;
  } catch {
    // Node was told not to make code from text.
    return (next) => assemble(shape, next);
  }
};

const isSame = (one: Shape, other: Shape): boolean =>
  areSame(one.features, other.features) && areSame(one.others, other.others);

const areSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((name, i) => name === others[i]);
