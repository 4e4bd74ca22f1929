import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import type { I32 } from '../../../math/wasm/scalars.ts';
import { WalkPlace, walk } from '../../../math/wasm/walk.ts';
import type { LayerPlan } from './plan.ts';

/** What the weighted sums of a layer are made from, and where they go. */
export interface Forward {
  readonly layer: LayerPlan;
  /** Where the network's block begins. */
  readonly block: I32;
  /** h of the layer before, or x. */
  readonly input: WalkPlace;
  /** Takes four sums z = Wh + b. The place is that of the four units from the layer's `hAt`. */
  readonly give: (z: F32x4, units: WalkPlace) => void;
}

/** z^(l+1) = W^(l) h^(l) + b^(l) of one layer. */
export const emitWeightedSums = (f: FunctionBuilder, forward: Forward): void => {
  if (forward.layer.order === 'columns') sumColumns(f, forward);
  else sumRows(f, forward);
};

/** A block of outputs at a time: its sums stay in registers while the inputs go by. */
const sumColumns = (f: FunctionBuilder, { layer, block, input, give }: Forward): void => {
  let weightsAt = layer.weightsAt;
  let first = 0;
  for (const vectors of layer.blocks) {
    const units = new WalkPlace(block, 16 * first);
    f.scope(() => {
      const sums = range(vectors).map((v) => f.keep(units.plus(layer.biasesAt + 16 * v).load()));
      const tracks = [
        { from: input, stride: 4 },
        { from: new WalkPlace(block, weightsAt), stride: 16 * vectors },
      ];
      walk(f, { count: layer.inputs, unroll: 1, tracks }, ([x, weights]) => {
        const scale = f.keep(x!.loadSplat());
        for (const [v, sum] of sums.entries()) {
          f.set(sum, sum.add(scale.mul(weights!.plus(16 * v).load())));
        }
      });
      for (const [v, sum] of sums.entries()) give(sum, units.plus(layer.hAt + 16 * v));
    });
    first += vectors;
    weightsAt += 16 * vectors * layer.inputs;
  }
};

const tileRows = 4;

/** Four outputs at a time, so that each vector of inputs is loaded once for all of them. */
const sumRows = (f: FunctionBuilder, { layer, block, input, give }: Forward): void => {
  const tiles = Math.floor(layer.outputs / tileRows);
  const tracks = [
    { from: new WalkPlace(block, layer.weightsAt), stride: tileRows * layer.rowStride },
    { from: new WalkPlace(block, layer.biasesAt), stride: 4 * tileRows },
    { from: new WalkPlace(block, layer.hAt), stride: 4 * tileRows },
  ];
  const tile = (rows: number, [weights, biases, units]: readonly WalkPlace[]): void => {
    const sums = rowSums(f, { rows, layer, input, weights: weights! });
    for (const [v, sum] of sums.entries()) {
      give(sum.add(biases!.plus(16 * v).load()), units!.plus(16 * v));
    }
  };
  if (tiles > 0) walk(f, { count: tiles, unroll: 1, tracks }, (at) => tile(tileRows, at));
  const rest = layer.outputs - tiles * tileRows;
  if (rest > 0)
    f.scope(() =>
      tile(
        rest,
        tracks.map(({ from, stride }) => from.plus(tiles * stride)),
      ),
    );
};

interface Rows {
  readonly rows: number;
  readonly layer: LayerPlan;
  readonly input: WalkPlace;
  readonly weights: WalkPlace;
}

/** The products of some rows with the input, four to a vector. Lanes without a row are zero. */
const rowSums = (f: FunctionBuilder, { rows, layer, input, weights }: Rows): F32x4[] => {
  const steps = layer.rowStride / 16;
  // One sum alone would wait for itself at each addition.
  const parts = rows >= 4 || steps < 8 ? 1 : 4;
  const sums = range(parts).map(() => range(rows).map(() => f.keep(F32x4.splat(0))));
  const tracks = [
    { from: input, stride: 16 * parts },
    { from: weights, stride: 16 * parts },
  ];
  const step = (part: number, [h, w]: readonly WalkPlace[]): void => {
    const inputs = f.keep(h!.plus(16 * part).load());
    for (const [row, sum] of sums[part]!.entries()) {
      const product = inputs.mul(w!.plus(16 * part + row * layer.rowStride).load());
      f.set(sum, sum.add(product));
    }
  };
  const rounds = Math.floor(steps / parts);
  walk(f, { count: rounds, unroll: 2, tracks }, (at) => {
    for (const part of range(parts)) step(part, at);
  });
  for (const part of range(steps - rounds * parts)) {
    step(
      part,
      tracks.map(({ from, stride }) => from.plus(rounds * stride)),
    );
  }
  const whole = range(rows).map((row) =>
    total(
      f,
      sums.map((part) => part[row]!),
    ),
  );
  return range(Math.ceil(rows / 4)).map((v) => acrossLanes(f, whole.slice(4 * v, 4 * v + 4)));
};

const total = (f: FunctionBuilder, parts: readonly F32x4[]): F32x4 => {
  const [a, b, c, d] = parts;
  return b && c && d ? f.keep(a!.add(b).add(c.add(d))) : a!;
};

/** Lane i is the sum of the lanes of the i-th vector. */
const acrossLanes = (f: FunctionBuilder, [a, b, c, d]: readonly F32x4[]): F32x4 => {
  const zero = F32x4.splat(0);
  if (b) return f.keep(f.sums(a!, b, c ?? zero, d ?? zero));
  const half = f.keep(a!.add(F32x4.shuffle(a!, a!, [2, 3, 0, 1])));
  const sum = half.add(F32x4.shuffle(half, half, [1, 0, 3, 2]));
  return f.keep(F32x4.shuffle(sum, zero, [0, 4, 4, 4]));
};

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
