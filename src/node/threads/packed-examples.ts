import type { Example } from '../../sources/example.ts';

/** The fields of an example beside its features, in the order in which they are packed. */
const others = ['target', 'id', 'line', 'time', 'weight'] as const satisfies (keyof Example)[];

/** Which fields an example has. */
interface Shape {
  readonly features: readonly string[];
  readonly others: readonly (typeof others)[number][];
  /** The same as bits. */
  readonly presence: number;
}

/**
 * Examples as they cross to another thread: their numbers in one buffer, which is handed over.
 * Cloned as objects they would cost as much as parsing them.
 */
export interface PackedExamples {
  readonly shapes: readonly Shape[];
  /** The shape of each; -1 where there is no example. */
  readonly order: Int32Array<ArrayBuffer>;
  /** All fields of all examples; NaN where it is the next of `rest`. */
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly rest: readonly unknown[];
}

/** Packs examples. */
export const packExamples = (examples: Iterable<Example | undefined>): PackedExamples => {
  const shapes: Shape[] = [];
  const order: number[] = [];
  const values = new PackedValues();
  for (const example of examples) {
    if (example === undefined) {
      order.push(-1);
      continue;
    }
    // Most often its shape is that of the example before.
    const last = shapes.at(-1);
    if (last === undefined || !values.put(example, last)) {
      const shape = shapeOf(example);
      shapes.push(shape);
      values.put(example, shape);
    }
    order.push(shapes.length - 1);
  }
  const { numbers, rest } = values;
  return { shapes, order: new Int32Array(order), numbers: new Float64Array(numbers), rest };
};

const shapeOf = (example: Example): Shape => ({
  features: Object.keys(example.features),
  others: others.filter((name) => example[name] !== undefined),
  presence: presenceOf(example),
});

/** The fields of examples, one after the other. */
class PackedValues {
  readonly numbers: number[] = [];
  readonly rest: unknown[] = [];

  /** Adds the fields of an example, if it has this shape. */
  put(example: Example, shape: Shape): boolean {
    if (presenceOf(example) !== shape.presence) return false;
    const [numberCount, restCount] = [this.numbers.length, this.rest.length];
    if (!this.#putFeatures(example.features, shape.features)) {
      this.numbers.length = numberCount;
      this.rest.length = restCount;
      return false;
    }
    for (const name of shape.others) this.#put(example[name]);
    return true;
  }

  /** In one walk over the object: looking up each name takes several times as long. */
  #putFeatures(features: Example['features'], names: readonly string[]): boolean {
    let count = 0;
    for (const name in features) {
      if (names[count] !== name) return false;
      this.#put(features[name]);
      count += 1;
    }
    return count === names.length;
  }

  #put(value: unknown): void {
    const isPlain = typeof value === 'number' && !Number.isNaN(value);
    this.numbers.push(isPlain ? value : Number.NaN);
    if (!isPlain) this.rest.push(value);
  }
}

/** Written out: fields by a varying name are slow to read. */
const presenceOf = ({ target, id, line, time, weight }: Example): number =>
  (target === undefined ? 0 : 1) +
  (id === undefined ? 0 : 2) +
  (line === undefined ? 0 : 4) +
  (time === undefined ? 0 : 8) +
  (weight === undefined ? 0 : 16);
