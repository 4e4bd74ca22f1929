import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import type { I32 } from '../../../math/wasm/scalars.ts';
import { WalkPlace, walk } from '../../../math/wasm/walk.ts';
import type { LayerPlan } from './plan.ts';

/** Does something with four weights, given their gradient. The weights are a kept value. */
export interface WeightVisitor {
  /** All gradients are multiplied by this first. Absent: 1. */
  readonly scale?: F32x4 | undefined;
  visit(weights: F32x4, gradient: F32x4, at: WalkPlace): void;
}

/** What one layer's backward pass is made from. */
export interface Backward {
  readonly layer: LayerPlan;
  readonly block: I32;
  /** h of the layer before, or x. */
  readonly input: WalkPlace;
  /** What is done with each weight; it may be changed. Absent: the weights are only read. */
  readonly visitor?: WeightVisitor | undefined;
  /** Where (W)ᵀδ goes, and how it becomes the δ of the layer before, at `to`. Absent: not wanted. */
  readonly propagate?:
    | { readonly to: WalkPlace; finish(sum: F32x4, h: F32x4, to: WalkPlace): F32x4 }
    | undefined;
  /** How far to write loops out. */
  readonly unroll: number;
}

/**
 * One layer backwards: (W)ᵀδ with the weights from before the update, and the gradients δhᵀ. Each
 * weight is read once and written once.
 */
export const emitBackward = (f: FunctionBuilder, backward: Backward): void => {
  if (backward.layer.order === 'columns') visitColumns(f, backward);
  else visitRows(f, backward);
};

const scaled = (value: F32x4, scale: F32x4 | undefined): F32x4 =>
  scale ? value.mul(scale) : value;

const visitColumns = (f: FunctionBuilder, { layer, block, input, ...rest }: Backward): void => {
  const { visitor, unroll } = rest;
  if (!visitor) return;
  let weightsAt = layer.weightsAt;
  let first = 0;
  for (const vectors of layer.blocks) {
    f.scope(() => {
      const deltas = range(vectors).map((v) =>
        f.keep(scaled(F32x4.load(block, layer.deltasAt + 16 * (first + v)), visitor.scale)),
      );
      const tracks = [
        { from: input, stride: 4 },
        { from: new WalkPlace(block, weightsAt), stride: 16 * vectors },
      ];
      walk(f, { count: layer.inputs, unroll, tracks }, ([x, weights]) => {
        const scale = f.keep(x!.loadSplat());
        for (const [v, delta] of deltas.entries()) {
          const at = weights!.plus(16 * v);
          f.scope(() => visitor.visit(f.keep(at.load()), delta.mul(scale), at));
        }
      });
    });
    first += vectors;
    weightsAt += 16 * vectors * layer.inputs;
  }
};

const tileRowsMax = 5;

/** Some rows at a time: (W)ᵀδ is loaded and stored once for all of them. */
const visitRows = (f: FunctionBuilder, backward: Backward): void => {
  const { layer, block } = backward;
  const tiles = Math.ceil(layer.outputs / tileRowsMax);
  const rows = Math.ceil(layer.outputs / tiles);
  const last = layer.outputs - rows * (tiles - 1);
  const tracks = [
    { from: new WalkPlace(block, layer.weightsAt), stride: rows * layer.rowStride },
    { from: new WalkPlace(block, layer.deltasAt), stride: 4 * rows },
  ];
  const ends = tracks.map(({ from, stride }) => ({ from: from.plus(stride), stride }));
  const tile = (
    part: Omit<Tile, 'weights' | 'deltas'>,
    [weights, deltas]: readonly WalkPlace[],
  ): void => f.scope(() => visitTile(f, backward, { ...part, weights: weights!, deltas: deltas! }));
  const isOne = tiles === 1;
  tile(
    { rows: isOne ? last : rows, isFirst: true, isLast: isOne },
    tracks.map(({ from }) => from),
  );
  if (isOne) return;
  if (tiles > 2) {
    walk(f, { count: tiles - 2, unroll: 1, tracks: ends }, (at) =>
      tile({ rows, isFirst: false, isLast: false }, at),
    );
  }
  const at = tracks.map(({ from, stride }) => from.plus((tiles - 1) * stride));
  tile({ rows: last, isFirst: false, isLast: true }, at);
};

interface Tile {
  readonly rows: number;
  readonly weights: WalkPlace;
  readonly deltas: WalkPlace;
  /** The first tile begins the sums (W)ᵀδ, the last finishes them. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

const visitTile = (f: FunctionBuilder, backward: Backward, tile: Tile): void => {
  const { layer, input, visitor, propagate, unroll } = backward;
  const deltas = range(tile.rows).map((row) => f.keep(tile.deltas.plus(4 * row).loadSplat()));
  const tracks = [
    { from: input, stride: 16 },
    { from: tile.weights, stride: 16 },
    ...(propagate ? [{ from: propagate.to, stride: 16 }] : []),
  ];
  walk(f, { count: layer.rowStride / 16, unroll, tracks }, ([x, weights, to]) => {
    const h = f.keep(x!.load());
    const step = visitor?.scale ? f.keep(h.mul(visitor.scale)) : h;
    const sum = to && f.keep(tile.isFirst ? F32x4.splat(0) : to.load());
    for (const [row, delta] of deltas.entries()) {
      const at = weights!.plus(row * layer.rowStride);
      f.scope(() => {
        const kept = f.keep(at.load());
        if (sum) f.set(sum, sum.add(kept.mul(delta)));
        visitor?.visit(kept, step.mul(delta), at);
      });
    }
    if (sum && propagate) {
      f.store(to.address, to.offset, tile.isLast ? propagate.finish(sum, h, to) : sum);
    }
  });
};

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
