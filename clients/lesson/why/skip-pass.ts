import type { Layer } from 'rivulet';
import type { SkipCopy } from 'rivulet/frozen';
import { activationWords } from './forward.ts';
import {
  type InputScale,
  type LayerChange,
  type LessonModel,
  type LessonPass,
  type LessonSample,
  type MovedWeight,
  seenTarget,
} from './lesson-pass.ts';
import { lossWordsOf } from './loss-words.ts';
import { roughInverseRoot } from './rough-root.ts';

/** How a net of a pool is described: its rule is explained under the name of the optimizer. */
export const skipModel = ({
  sizes,
  answer,
  rule,
  learningRate,
  target,
}: SkipCopy): LessonModel => ({
  sizes,
  activations: ['relu', 'relu', answer === 'classes' ? 'softmax' : 'identity'],
  ...(answer === 'classes' ? { loss: 'crossEntropy' } : { loss: 'huber', lossDelta: 3 }),
  optimizer: { name: `${rule} of a pool`, options: { learningRate } },
  target,
});

/** Weights as layers, and the direct ones. */
interface SkipNet {
  readonly layers: readonly Layer[];
  readonly direct: Layer;
}

/** The bias is the last column of a matrix of a copy. */
const layerOf = (matrix: Float32Array, rows: number): Layer => {
  const columns = matrix.length / rows;
  const weights = new Float64Array(rows * (columns - 1));
  const biases = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = matrix.subarray(row * columns, (row + 1) * columns);
    weights.set(own.subarray(0, -1), row * (columns - 1));
    biases[row] = own[columns - 1]!;
  }
  return { weights, biases };
};

const netOf = (matrices: SkipCopy['weights'], sizes: readonly number[]): SkipNet => {
  const { first, second, output, direct } = matrices;
  const layers = [first, second, output].map((matrix, l) => layerOf(matrix, sizes[l + 1]!));
  return { layers, direct: layerOf(direct, sizes[3]!) };
};

const clip = 5;

/** The inputs of a net: z-scores of x, then the recent targets. */
const inputsOf = ({ means, deviations, recent }: SkipCopy, x: readonly number[]): Float64Array => {
  const scores = means.map((mean, i) => {
    const z = (x[i]! - mean) / deviations[i]!;
    return deviations[i] === 0 || Number.isNaN(z) ? 0 : Math.min(clip, Math.max(-clip, z));
  });
  return Float64Array.from([...scores, ...recent]);
};

const timesPlus = ({ weights, biases }: Layer, h: Float64Array): Float64Array =>
  biases.map((bias, to) => {
    let sum = bias;
    const row = weights.subarray(to * h.length, (to + 1) * h.length);
    for (let i = 0; i < h.length; i++) sum += row[i]! * h[i]!;
    return sum;
  });

const transposed = ({ weights }: Layer, deltas: Float64Array, count: number): Float64Array => {
  const out = new Float64Array(count);
  for (const [to, delta] of deltas.entries())
    for (let from = 0; from < count; from++) out[from]! += weights[to * count + from]! * delta;
  return out;
};

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Keeps the deviation of a layer above 0. */
const deviationFloor = 1e-5;

/** The forward pass: every z and h, and what normalises the second hidden layer. */
const forwardOf = ({ layers, direct }: SkipNet, answer: SkipCopy['answer'], x: Float64Array) => {
  const relu = activationWords['relu']!.value;
  const z1 = timesPlus(layers[0]!, x);
  const h1 = z1.map(relu);
  const z2 = timesPlus(layers[1]!, h1);
  const mean = meanOf(z2);
  const deviation = Math.sqrt(meanOf(z2.map((value) => (value - mean) ** 2)) + deviationFloor);
  const values = z2.map((value) => (value - mean) / deviation);
  const h2 = values.map(relu);
  const straight = timesPlus(direct, x);
  const z3 = timesPlus(layers[2]!, h2).map((value, k) => value + straight[k]!);
  const h3 = answer === 'classes' ? softmax(z3) : z3;
  return { z: [z1, z2, z3], h: [x, h1, h2, h3], normal: { layer: 3, mean, deviation, values } };
};

const softmax = (z: Float64Array): Float64Array => {
  const largest = Math.max(...z);
  const powers = z.map((value) => Math.exp(value - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
};

const outer = (deltas: Float64Array, h: Float64Array): Layer => ({
  weights: Float64Array.from(deltas).reduce(
    (all, delta, to) => {
      for (let from = 0; from < h.length; from++) all[to * h.length + from] = delta * h[from]!;
      return all;
    },
    new Float64Array(deltas.length * h.length),
  ),
  biases: deltas.slice(),
});

const flat = (layers: readonly Layer[]): Float64Array =>
  Float64Array.from(layers.flatMap(({ weights, biases }) => [...weights, ...biases]));

/** Runs one sample through a net of a pool, as its kernel does, in float64. */
export const skipPass = (copy: SkipCopy, sample: LessonSample): LessonPass => {
  const { sizes, answer } = copy;
  const model = skipModel(copy);
  const net = netOf(copy.weights, sizes);
  const y = seenTarget(model, sample.y);
  const { z, h, normal } = forwardOf(net, answer, inputsOf(copy, sample.x));
  const words = lossWordsOf(model);
  const last = h[3]!.map((value, k) =>
    answer === 'classes' ? value - y[k]! : words.slope(value, y[k]!),
  );
  const { toNormal, second, first } = hiddenDeltas(net, { h, normal }, last);
  const deltas = [first, second, last];
  const gradients = deltas.map((delta, l) => outer(delta, h[l]!));
  const directGradient = outer(last, h[0]!);
  const shares = sharesOf(copy, h);
  const squares = netOf(copy.squares, sizes);
  const all = [...net.layers, net.direct];
  const updates = [...gradients, directGradient].map((gradient, index) =>
    updated(copy, all[index]!, {
      gradient,
      squares: [...squares.layers, squares.direct][index]!,
      shares: shares[index % 3]!,
    }),
  );
  const direct: LayerChange = {
    before: net.direct,
    gradient: directGradient,
    after: updates[3]!.layer,
  };
  const scale: InputScale = { means: copy.means, deviations: copy.deviations };
  return {
    model,
    sample,
    y,
    step: Math.max(...copy.ages.first),
    before: net.layers,
    z,
    h,
    cost: h[3]!.reduce((sum, value, k) => sum + words.value(value, y[k]!), 0),
    deltas,
    gradients,
    after: updates.slice(0, 3).map(({ layer }) => layer),
    optimizerBefore: { squares: flat([...squares.layers, squares.direct]) },
    optimizerAfter: { squares: flat(updates.map((update) => update.squares)) },
    scale,
    normalised: { ...normal, deltas: toNormal },
    direct,
    shares,
    costWith: (engine, at) =>
      engine === 'reference' ? movedCost({ copy, y, x: h[0]! }, at) : undefined,
  };
};

const hiddenDeltas = (
  { layers }: SkipNet,
  { h, normal }: Pick<ReturnType<typeof forwardOf>, 'h' | 'normal'>,
  last: Float64Array,
) => {
  const toNormal = transposed(layers[2]!, last, h[2]!.length).map((value, j) =>
    normal.values[j]! > 0 ? value : 0,
  );
  const centre = meanOf(toNormal);
  const slope = meanOf(toNormal.map((value, j) => value * normal.values[j]!));
  const second = toNormal.map(
    (value, j) => (value - centre - normal.values[j]! * slope) / normal.deviation,
  );
  const first = transposed(layers[1]!, second, h[1]!.length).map((value, j) =>
    h[1]![j]! > 0 ? value : 0,
  );
  return { toNormal, second, first };
};

/** The least share of a new square in a mean of squares. */
const shareMin = 0.001;

/** How much a new square counts, by layer of weights and unit it leads from, the bias last. */
const sharesOf = ({ ages, rule }: SkipCopy, h: readonly Float64Array[]): Float64Array[] =>
  [ages.first, ages.second, ages.output].map((own, l) =>
    Float64Array.from(own, (age, from) => {
      const isActive = from === h[l]!.length || h[l]![from] !== 0;
      if (!isActive) return 0;
      return rule === 'adagrad' ? 1 : Math.max(1 / (age + 1), shareMin);
    }),
  );

const squareMin = 1e-16;

/** The weights after one step, and their squares. */
const updated = (
  { rule, learningRate }: SkipCopy,
  { weights, biases }: Layer,
  { gradient, squares, shares }: { gradient: Layer; squares: Layer; shares: Float64Array },
): { layer: Layer; squares: Layer } => {
  const columns = weights.length / biases.length;
  const squareOf = (old: number, g: number, share: number): number => {
    if (share === 0) return old;
    const moved = rule === 'adagrad' ? old + g * g : old + share * (g * g - old);
    return Math.max(squareMin, moved);
  };
  const next = (kind: 'weights' | 'biases'): { values: Float64Array; squares: Float64Array } => {
    const shareOf = (i: number): number => shares[kind === 'biases' ? columns : i % columns]!;
    const newSquares = squares[kind].map((old, i) => squareOf(old, gradient[kind][i]!, shareOf(i)));
    const values = (kind === 'weights' ? weights : biases).map((w, i) => {
      const g = gradient[kind][i]!;
      return g === 0 ? w : w - learningRate * g * roughInverseRoot(newSquares[i]!);
    });
    return { values, squares: newSquares };
  };
  const [w, b] = [next('weights'), next('biases')];
  return {
    layer: { weights: w.values, biases: b.values },
    squares: { weights: w.squares, biases: b.squares },
  };
};

/** J with one weight moved. Layer 4 stands for the direct weights. */
const movedCost = (
  { copy, y, x }: { copy: SkipCopy; y: readonly number[]; x: Float64Array },
  { layer, to, from, move }: MovedWeight,
): number => {
  const net = netOf(copy.weights, copy.sizes);
  const { weights, biases } = layer === 4 ? net.direct : net.layers[layer - 1]!;
  weights[to * (weights.length / biases.length) + from]! += move;
  const { h } = forwardOf(net, copy.answer, x);
  const { value } = lossWordsOf(skipModel(copy));
  return h[3]!.reduce((sum, output, k) => sum + value(output, y[k]!), 0);
};
