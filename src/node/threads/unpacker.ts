import type { Example } from '../../sources/example.ts';
import { MadeExample } from '../../sources/made-example.ts';
import {
  assemble,
  type RecordMaker,
  recordMaker,
  type ValueSource,
} from '../../sources/record-maker.ts';
import type { PackedExamples } from './packed-examples.ts';

/** The number of examples of one shape from which generating code pays. */
const rowsMin = 64;

/** Makes the examples of packed batches anew, of which one after the other tends to have the same shape. */
export class Unpacker {
  #names: readonly string[] = [];
  #make: RecordMaker = () => ({});

  /** The examples that were packed; undefined where there was none. */
  unpack({ shapes, order, ...packed }: PackedExamples): (Example | undefined)[] {
    const values = new PackedValues(packed);
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
      const example = new MadeExample(make(values));
      const fields = example as unknown as Record<string, unknown>;
      for (const name of others) fields[name] = values.value();
      examples.push(example);
    }
    return examples;
  }

  /** What makes records with these names, of which there may be many. */
  #maker(names: readonly string[], areMany: boolean): RecordMaker {
    const isKnown =
      names.length === this.#names.length && names.every((name, i) => name === this.#names[i]);
    if (isKnown) return this.#make;
    const places = [...names.keys()];
    if (!areMany) return (values) => assemble(names, places, values);
    this.#names = names;
    this.#make = recordMaker(names, places);
    return this.#make;
  }
}

/** The values of packed examples one by one, in the order in which they are read. */
class PackedValues implements ValueSource {
  readonly #numbers: Float64Array;
  readonly #rest: readonly unknown[];
  #numberCount = 0;
  #restCount = 0;

  constructor({ numbers, rest }: Pick<PackedExamples, 'numbers' | 'rest'>) {
    this.#numbers = numbers;
    this.#rest = rest;
  }

  value(): unknown {
    const number = this.#numbers[this.#numberCount++]!;
    return Number.isNaN(number) ? this.#rest[this.#restCount++] : number;
  }
}
