import { type Network, sgd } from 'rivulet';
import { digitSamples } from 'rivulet/digits';
import type { PartCopy, SkipCopy } from 'rivulet/frozen';
import {
  type LessonModel,
  type LessonSample,
  type NetworkMemory,
  networkOf,
} from '../why/lesson-pass.ts';

/** Something to learn: its samples, its network, and the names of what goes in and comes out. */
export interface LessonTopic {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly model: LessonModel;
  readonly samples: readonly LessonSample[];
  readonly inputName: (input: number) => string;
  readonly outputName: (output: number) => string;
  /** Pixels in a row, where the inputs are a picture of 0 … 1. */
  readonly pictureWidth?: number;
  /** The largest pixel. Default 1. */
  readonly pictureMax?: number;
  /** What the network remembers at the beginning. Default: it has learned nothing. */
  readonly memory?: NetworkMemory;
  /** A net of a pool: it can be followed, and does not learn here. */
  readonly net?: SkipCopy;
  /** Some units of a large network, for one sample, which cannot be changed. */
  readonly part?: PartCopy;
}

const truth = [0, 1];

/** Both inputs alike or not: the smallest problem that needs a hidden layer. */
const xor: LessonTopic = {
  id: 'xor',
  title: 'Two switches',
  about:
    'Two inputs, each 0 or 1. The target is 1 if exactly one of them is 1. Small enough to see every ' +
    'number at once.',
  model: {
    sizes: [2, 3, 1],
    activations: ['sigmoid', 'sigmoid'],
    loss: 'halfSquaredError',
    optimizer: sgd({ learningRate: 0.5 }),
  },
  samples: truth.flatMap((a) => truth.map((b) => ({ x: [1 - a, b], y: [a === b ? 1 : 0] }))),
  inputName: (input) => `switch ${input + 1}`,
  outputName: () => 'exactly one',
};

/** The digits that the project begins with. */
const digits: LessonTopic = {
  id: 'digits',
  title: 'Handwritten digits',
  about:
    '1,797 real digits of 8 × 8 pixels. 64 inputs, 30 sigmoid units, 10 outputs, one for each digit.',
  model: {
    sizes: [64, 30, 10],
    activations: ['sigmoid', 'sigmoid'],
    loss: 'halfSquaredError',
    optimizer: sgd({ learningRate: 0.25 }),
  },
  samples: digitSamples().map(({ x, y }) => ({ x: Array.from(x), y: Array.from(y ?? []) })),
  inputName: (input) => `pixel ${Math.floor(input / 8) + 1},${(input % 8) + 1}`,
  outputName: (output) => `digit ${output}`,
  pictureWidth: 8,
};

/** What the lesson can be about. */
export const topics: readonly LessonTopic[] = [xor, digits];

/** The output with the largest h, or the value itself where there is only one. */
export const answerOf = ({ outputName }: LessonTopic, h: ArrayLike<number>): string => {
  if (h.length === 1) return h[0]!.toFixed(3);
  let best = 0;
  for (let k = 1; k < h.length; k++) if (h[k]! > h[best]!) best = k;
  return outputName(best);
};

/** The network at the beginning of a topic, on the engine that the server uses, too. */
export const freshNetwork = ({ model, memory }: LessonTopic): Network =>
  networkOf(model, hasWebAssembly() ? 'simd' : 'reference', { memory });

const emptyModule = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** A page whose policy forbids WebAssembly learns on the reference engine, only slower. */
const hasWebAssembly = (): boolean => {
  try {
    return WebAssembly.validate(emptyModule) && Boolean(new WebAssembly.Module(emptyModule));
  } catch {
    return false;
  }
};
