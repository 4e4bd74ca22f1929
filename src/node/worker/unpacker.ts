import type { Example } from '../../sources/example.ts';
import type { PackedExamples } from './packed-examples.ts';

/** Gives the values of a record one by one. */
type Next = () => unknown;

/** Makes a record of what comes next. */
type RecordMaker = (next: Next) => Record<string, unknown>;

/** For so many examples of one shape it pays to make code. */
const rowsMin = 64;

/** Makes the examples of packed batches anew, of which one after the other tends to have the same shape. */
export class Unpacker {
  #names: readonly string[] = [];
  #make: RecordMaker = () => ({});

  /** The examples that were packed; undefined where there was none. */
  unpack({ shapes, order, numbers, rest }: PackedExamples): (Example | undefined)[] {
    let [numberCount, restCount] = [0, 0];
    const next: Next = () => {
      const value = numbers[numberCount++]!;
      return Number.isNaN(value) ? rest[restCount++] : value;
    };
    const examples: (Example | undefined)[] = [];
    let [place, make] = [-1, this.#make];
    for (const [k, at] of order.entries()) {
      if (at < 0) {
        examples.push(undefined);
        continue;
      }
      const { features, others } = shapes[at]!;
      if (at !== place) make = this.#maker(features, order[k + rowsMin - 1] === at);
      place = at;
      const example: Record<string, unknown> = { features: make(next) };
      for (const name of others) example[name] = next();
      examples.push(example as unknown as Example);
    }
    return examples;
  }

  /** What makes records with these names, of which there may be many. */
  #maker(names: readonly string[], areMany: boolean): RecordMaker {
    const isKnown =
      names.length === this.#names.length && names.every((name, i) => name === this.#names[i]);
    if (isKnown) return this.#make;
    if (!areMany) return (next) => assemble(names, next);
    this.#names = names;
    this.#make = recordMaker(names);
    return this.#make;
  }
}

/**
 * Code for records with these names: an object that is written out as a literal takes a quarter of the
 * time of one that gets name after name. Names are quoted as JSON: nothing that a source says is run.
 */
const recordMaker = (names: readonly string[]): RecordMaker => {
  const fields = names.map((name) => `${JSON.stringify(name)}: next()`).join(', ');
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- see above
    return new Function('next', `return { ${fields} };`) as RecordMaker;
  } catch {
    // Node was told not to make code from text.
    return (next) => assemble(names, next);
  }
};

const assemble = (names: readonly string[], next: Next): Record<string, unknown> => {
  const record: Record<string, unknown> = {};
  for (const name of names) record[name] = next();
  return record;
};
