import { initialRandom, shuffle } from '../../src/math/random.ts';
import { digitSamples } from '../../src/sources/digits.ts';
import type { Sample } from '../../src/sources/sample.ts';

/** What every rival learns: plain arrays, so that they fit into JSON. */
export interface RivalTask {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly train: readonly { readonly x: number[]; readonly y: number[] }[];
  readonly test: readonly { readonly x: number[]; readonly y: number[] }[];
  /** Whichever comes first ends the training. */
  readonly passes: number;
  readonly budgetMs: number;
}

const heldOutShare = 0.4;

/** Three shapes, all made of the digits. */
export const rivalTasks = (): RivalTask[] => {
  const digits = shuffle(initialRandom(1), [...digitSamples()]);
  return [
    taskOf('W1', [64, 30, 10], digits.map(plain)),
    taskOf(
      'W2',
      [784, 128, 10],
      digits.map((digit) => ({ ...plain(digit), x: enlarged(digit.x) })),
    ),
    taskOf(
      'W3',
      [8, 16, 1],
      digits.map((digit) => ({ x: rowMeans(digit.x), y: [isHigh(digit)] })),
    ),
  ];
};

const taskOf = (name: string, sizes: readonly number[], samples: RivalTask['train']): RivalTask => {
  const count = Math.round(heldOutShare * samples.length);
  const [test, train] = [samples.slice(0, count), samples.slice(count)];
  return { name, sizes, train, test, passes: 20, budgetMs: 8_000 };
};

const plain = ({ x, y }: Sample) => ({ x: Array.from(x), y: Array.from(y!) });

/** From 8 × 8 pixels to 28 × 28. */
const enlarged = (x: ArrayLike<number>): number[] =>
  Array.from({ length: 784 }, (_, at) => {
    const [row, column] = [Math.floor(at / 28), at % 28];
    return x[8 * Math.floor((row * 8) / 28) + Math.floor((column * 8) / 28)]!;
  });

const rowMeans = (x: ArrayLike<number>): number[] =>
  Array.from({ length: 8 }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < 8; column++) sum += x[8 * row + column]!;
    return sum / 8;
  });

const isHigh = ({ y }: Sample): number => Number(Array.from(y!).indexOf(1) >= 5);
