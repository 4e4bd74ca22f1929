import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import type { I32 } from '../../../math/wasm/scalars.ts';
import { Place, walk } from '../../../math/wasm/walk.ts';
import { TARGET_MAX } from '../../../sources/sample-range.ts';
import { type ElementwiseCode, softmaxBackward, softmaxForward } from './activation-code.ts';
import type { FusedCost, LossCode } from './loss-code.ts';
import type { LayerPlan } from './plan.ts';

/** The code of the parts of the output layer. */
export interface OutputParts {
  /** Undefined for softmax. */
  readonly activation: ElementwiseCode | undefined;
  readonly loss: LossCode;
  /** Where δ = h − y: J from z. */
  readonly fusedCost?: FusedCost;
  /** Some lanes of the output are not in use. */
  readonly isPadded: boolean;
}

/** What the output stage is made from. */
export interface Output {
  readonly layer: LayerPlan;
  readonly parts: OutputParts;
  readonly block: I32;
  /** The targets. */
  readonly y: Place;
  /** How much the sample counts, in all lanes. */
  readonly weight: F32x4;
}

/** h of the output layer from its z: what a prediction ends with. Returns ln Σ e^z of softmax. */
export const finishPrediction = (
  f: FunctionBuilder,
  { layer, parts, block }: Pick<Output, 'layer' | 'parts' | 'block'>,
): F32x4 | undefined => {
  const [z, h, masks] = [layer.zAt, layer.hAt, layer.masksAt].map((at) => new Place(block, at));
  const { activation } = parts;
  if (!activation) {
    return softmaxForward(f, { vectors: layer.vectors, z: z!, h: h!, masks: masks! });
  }
  const tracks = [z!, h!].map((from) => ({ from, stride: 16 }));
  walk(f, { count: layer.vectors, unroll: 2, tracks }, ([from, to]) => {
    f.store(to!.address, to!.offset, activation.value(f, from!.load()));
  });
  return undefined;
};

/** h and δ^(n_l) of the output layer from its z. Returns J, spread over the lanes of a vector. */
export const outputDeltas = (f: FunctionBuilder, output: Output): F32x4 => {
  const { layer, parts, block, y, weight } = output;
  const cost = f.keep(F32x4.splat(0));
  const isSoftmax = !parts.activation;
  const normaliser = isSoftmax ? finishPrediction(f, output) : undefined;
  const tracks = [layer.zAt, layer.hAt, layer.deltasAt, layer.masksAt]
    .map((at) => new Place(block, at))
    .concat(y)
    .map((from) => ({ from, stride: 16 }));
  walk(f, { count: layer.vectors, unroll: 2, tracks }, ([z, h, deltas, masks, targets]) => {
    const masked = (value: F32x4): F32x4 => (parts.isPadded ? value.and(masks!.load()) : value);
    const kept = f.keep(isSoftmax ? h!.load() : masked(hidden(f, parts, z!)));
    if (!isSoftmax) f.store(h!.address, h!.offset, kept);
    const target = f.keep(targets!.load());
    const own = costs(f, parts, { z: z!, h: kept, y: target, normaliser });
    // All bits set are NaN: a target out of range is left out as what is not finite.
    f.set(cost, cost.add(masked(own).or(target.abs().isGreater(TARGET_MAX))));
    const delta = deltaOf(f, parts, { z: z!, h: kept, y: target }).mul(weight);
    f.store(deltas!.address, deltas!.offset, masked(delta));
  });
  if (isSoftmax && !parts.fusedCost) {
    const [h, gradients] = [layer.hAt, layer.deltasAt].map((at) => new Place(block, at));
    softmaxBackward(f, { vectors: layer.vectors, h: h!, gradients: gradients! });
  }
  return cost;
};

const hidden = (f: FunctionBuilder, parts: OutputParts, z: Place): F32x4 =>
  parts.activation!.value(f, z.load());

interface Four {
  readonly z: Place;
  readonly h: F32x4;
  readonly y: F32x4;
  readonly normaliser: F32x4 | undefined;
}

const costs = (f: FunctionBuilder, parts: OutputParts, { z, h, y, normaliser }: Four): F32x4 =>
  parts.fusedCost
    ? parts.fusedCost(f, { z: f.keep(z.load()), y, normaliser })
    : parts.loss.cost(f, h, y);

/** ∂J/∂z of four outputs; for a softmax that is not fused ∂J/∂h. */
const deltaOf = (
  f: FunctionBuilder,
  parts: OutputParts,
  { z, h, y }: Pick<Four, 'z' | 'h' | 'y'>,
): F32x4 => {
  if (parts.fusedCost) return h.sub(y);
  const gradient = parts.loss.gradient(f, h, y);
  return parts.activation ? parts.activation.backward(f, gradient, h, z) : gradient;
};
