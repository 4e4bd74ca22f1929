import type { Example } from '../../sources/example.ts';

/** The fields of an example beside its features, in the order in which they are packed. */
const others = ['target', 'id', 'line', 'time', 'weight'] as const satisfies (keyof Example)[];

/** Which fields an example has. */
interface Shape {
  readonly features: readonly string[];
  readonly others: readonly (typeof others)[number][];
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
  const numbers: number[] = [];
  const rest: unknown[] = [];
  const put = (value: unknown): void => {
    const isPlain = typeof value === 'number' && !Number.isNaN(value);
    numbers.push(isPlain ? value : Number.NaN);
    if (!isPlain) rest.push(value);
  };
  for (const example of examples) {
    if (example === undefined) {
      order.push(-1);
      continue;
    }
    // Most often it is that of the example before.
    let shape = shapes.at(-1);
    if (shape === undefined || !fits(shape, example)) {
      shape = shapeOf(example);
      shapes.push(shape);
    }
    order.push(shapes.length - 1);
    for (const name of shape.features) put(example.features[name]);
    for (const name of shape.others) put(example[name]);
  }
  return { shapes, order: new Int32Array(order), numbers: new Float64Array(numbers), rest };
};

const shapeOf = (example: Example): Shape => ({
  features: Object.keys(example.features),
  others: others.filter((name) => example[name] !== undefined),
});

const fits = ({ features, others: present }: Shape, example: Example): boolean => {
  let count = 0;
  // Object.keys would make a list for each example.
  for (const name in example.features) if (features[count++] !== name) return false;
  if (count !== features.length) return false;
  for (const name of others) {
    if ((example[name] !== undefined) !== present.includes(name)) return false;
  }
  return true;
};
