import type { Layer } from '../src/learn/equations.ts';
import { Network } from '../src/learn/network.ts';
import type {
  ActivationName,
  EngineName,
  LossName,
  OptimizerName,
} from '../src/learn/network-options.ts';
import type { Optimizer } from '../src/learn/optimizer.ts';
import * as optimizers from '../src/learn/optimizers/index.ts';

/** W as rows and b, as the file has them. */
interface GoldenLayer {
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly number[];
}

/** One network that another implementation trained, sample by sample. */
export interface GoldenCase {
  readonly sizes: readonly number[];
  readonly activations: readonly ActivationName[];
  readonly loss: LossName;
  readonly optimizer: { readonly name: OptimizerName };
  readonly initial: readonly GoldenLayer[];
  readonly samples: readonly { readonly x: readonly number[]; readonly y: readonly number[] }[];
  readonly first: {
    readonly prediction: readonly number[];
    readonly gradient: readonly GoldenLayer[];
  };
  readonly costs: readonly number[];
  readonly final: readonly GoldenLayer[];
}

/** A file of golden cases. */
export interface GoldenFile {
  readonly cases: readonly GoldenCase[];
}

/** The largest relative errors |a − b| / max(1, |b|) of one case, or of many. */
export interface GoldenErrors {
  readonly worst: number;
  readonly prediction: number;
  readonly cost: number;
  readonly gradient: number;
  readonly parameters: number;
}

/** Trains the network of a case on an engine and compares all that the file knows of it. */
export const compareCase = (golden: GoldenCase, engine: EngineName): GoldenErrors => {
  const network = networkOf(golden, engine);
  const first = golden.samples[0]!;
  const prediction = largestError(network.predict(first.x), golden.first.prediction);
  const gradient = largestError(firstGradient(golden, engine), golden.first.gradient.flatMap(flat));
  const costs = golden.samples.map(({ x, y }) => network.learn(x, y));
  const cost = largestError(costs, golden.costs);
  const parameters = largestError(parametersOf(network), golden.final.flatMap(flat));
  network[Symbol.dispose]();
  const worst = Math.max(prediction, cost, gradient, parameters);
  return { worst, prediction, cost, gradient, parameters };
};

/** The worst of many cases, part by part. */
export const worstOf = (errors: readonly GoldenErrors[]): GoldenErrors => {
  const most = (part: keyof GoldenErrors): number => Math.max(...errors.map((e) => e[part]));
  return {
    worst: most('worst'),
    prediction: most('prediction'),
    cost: most('cost'),
    gradient: most('gradient'),
    parameters: most('parameters'),
  };
};

const networkOf = (golden: GoldenCase, engine: EngineName): Network => {
  const { sizes, activations, loss, optimizer } = golden;
  const { name, ...options } = optimizer;
  const part = (optimizers[name] as (options: object) => Optimizer)(options);
  const network = new Network({ sizes, activations, loss, optimizer: part, engine });
  network.setParameters(golden.initial.map(toLayer));
  return network;
};

/** The gradient as the engine's own step shows it: with plain descent at rate 1 it is the step. */
const firstGradient = (golden: GoldenCase, engine: EngineName): number[] => {
  const optimizer = { name: 'sgd', learningRate: 1 } as const;
  const network = networkOf({ ...golden, optimizer }, engine);
  const before = parametersOf(network);
  const { x, y } = golden.samples[0]!;
  network.learn(x, y);
  const after = parametersOf(network);
  network[Symbol.dispose]();
  return before.map((value, i) => value - after[i]!);
};

const toLayer = ({ weights, biases }: GoldenLayer): Layer => ({
  weights: Float64Array.from(weights.flat()),
  biases: Float64Array.from(biases),
});

const flat = ({ weights, biases }: GoldenLayer): number[] => [...weights.flat(), ...biases];

const parametersOf = (network: Network): number[] =>
  network.parameters().flatMap(({ weights, biases }) => [...weights, ...biases]);

const largestError = (got: ArrayLike<number>, expected: ArrayLike<number>): number => {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < got.length; i++) {
    const error = Math.abs(got[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    // A NaN must not hide: it compares false with everything.
    if (!(error <= largest)) largest = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  }
  return largest;
};
