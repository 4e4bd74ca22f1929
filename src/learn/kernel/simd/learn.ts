import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import type { ModuleBuilder } from '../../../math/wasm/module-builder.ts';
import { F32, type I32 } from '../../../math/wasm/scalars.ts';
import { WalkPlace, walk } from '../../../math/wasm/walk.ts';
import { TARGET_MAX } from '../../../sources/sample-range.ts';
import { type ElementwiseCode, softmaxBackward, softmaxForward } from './activation-code.ts';
import { addToBatch, applyBatch } from './batch.ts';
import { emitDescend } from './descend.ts';
import { emitWeightedSums } from './forward.ts';
import type { FusedCost, LossCode } from './loss-code.ts';
import type { OptimizerCode } from './optimizer-code.ts';
import type { LayerPlan, Plan } from './plan.ts';
import type { UpdateLimits } from './update.ts';

/** The code of the parts of the output layer. */
interface OutputParts {
  /** Undefined for softmax. */
  readonly activation: ElementwiseCode | undefined;
  readonly loss: LossCode;
  /** Where δ = h − y: J from z. */
  readonly fusedCost?: FusedCost;
  /** Some lanes of the output are not in use. */
  readonly isPadded: boolean;
}

/** What the output stage is made from. */
interface Output {
  readonly layer: LayerPlan;
  readonly parts: OutputParts;
  readonly block: I32;
  /** The targets. */
  readonly y: WalkPlace;
  /** How much the sample counts, in all lanes. */
  readonly weight: F32x4;
}

/** h of the output layer from its z: what a prediction ends with. Returns ln Σ e^z of softmax. */
const finishPrediction = (
  f: FunctionBuilder,
  { layer, parts, block }: Pick<Output, 'layer' | 'parts' | 'block'>,
): F32x4 | undefined => {
  const [z, h, masks] = [layer.zAt, layer.hAt, layer.masksAt].map((at) => new WalkPlace(block, at));
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
const outputDeltas = (f: FunctionBuilder, output: Output): F32x4 => {
  const { layer, parts, block, y, weight } = output;
  const cost = f.keep(F32x4.splat(0));
  const isSoftmax = !parts.activation;
  const normaliser = isSoftmax ? finishPrediction(f, output) : undefined;
  const tracks = [layer.zAt, layer.hAt, layer.deltasAt, layer.masksAt]
    .map((at) => new WalkPlace(block, at))
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
    const [h, gradients] = [layer.hAt, layer.deltasAt].map((at) => new WalkPlace(block, at));
    softmaxBackward(f, { vectors: layer.vectors, h: h!, gradients: gradients! });
  }
  return cost;
};

const hidden = (f: FunctionBuilder, parts: OutputParts, z: WalkPlace): F32x4 =>
  parts.activation!.value(f, z.load());

interface Four {
  readonly z: WalkPlace;
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

/** All that the code of a network depends on. */
export interface NetworkCode extends UpdateLimits {
  readonly plan: Plan;
  /** One per layer; undefined for softmax. */
  readonly activations: readonly (ElementwiseCode | undefined)[];
  readonly output: OutputParts;
  readonly optimizer: OptimizerCode;
}

/** What answers. `block` is the address of the network. */
export interface PredictionFunctions {
  /** From the first x of the stage to h of the output layer. */
  predict(block: number): void;
}

/** What learns. `block` is the address of the network. */
export interface NetworkFunctions {
  /**
   * Learns the first `count` samples of the stage, one after the other, and leaves their costs
   * there. Returns the cost of the last. A cost that is NaN or infinite says that the sample, or
   * the network, is not finite; nothing has changed then.
   */
  learn(block: number, count: number, rate: number, weight: number): number;
  /** Adds the gradients of the first samples of the stage to that of the batch. Costs as above. */
  addToBatch(block: number, count: number, weight: number): void;
  /** One update by the gradient of the batch times a factor, which is then zero again. */
  applyBatch(block: number, rate: number, factor: number): void;
}

/** Adds the functions of {@link PredictionFunctions} to a module. */
export const buildPrediction = (module: ModuleBuilder, code: NetworkCode): void => {
  module.export('predict', { takes: ['i32'] }, (f, [block]) => {
    forward(f, { code, block, x: new WalkPlace(block, code.plan.stage.x.at) });
    finishPrediction(f, { layer: code.plan.layers.at(-1)!, parts: code.output, block });
  });
};

/** Adds the functions of {@link NetworkFunctions} to a module. */
export const buildLearning = (module: ModuleBuilder, code: NetworkCode): void => {
  module.export(
    'learn',
    { takes: ['i32', 'i32', 'f32', 'f32'], gives: 'f32' },
    (f, [block, count, rate, weight]) => {
      const cost = forEachStaged(f, { code, block, count, weight }, (sample) =>
        emitDescend(f, { ...sample, rate }),
      );
      f.return(cost);
    },
  );
  if (code.plan.gradientAt === undefined) return;
  module.export('addToBatch', { takes: ['i32', 'i32', 'f32'] }, (f, [block, count, weight]) => {
    forEachStaged(f, { code, block, count, weight }, (sample) => addToBatch(f, sample));
  });
  module.export('applyBatch', { takes: ['i32', 'f32', 'f32'] }, (f, [block, rate, factor]) => {
    applyBatch(f, { code, block, rate, factor: f.keep(F32x4.splat(factor)) });
  });
};

interface Staged {
  readonly code: NetworkCode;
  readonly block: I32;
  readonly count: I32;
  readonly weight: F32;
}

/** One sample after the other: its cost and its output deltas, then what is to be done with them. */
const forEachStaged = (
  f: FunctionBuilder,
  { code, block, count, weight }: Staged,
  follow: (sample: Sample) => void,
): F32 => {
  const { x, y, costs } = code.plan.stage;
  const [atX, atY, atCost] = [x, y, costs].map(({ at }) => new WalkPlace(f.keep(block), at));
  const sampleWeight = f.keep(F32x4.splat(weight));
  const left = f.keep(count);
  const cost = f.keep(F32.of(0));
  f.repeat(() => {
    const sample = { code, block, x: atX!, y: atY!, weight: sampleWeight };
    learnSample(f, { ...sample, cost }, follow);
    f.store(atCost!.address, atCost!.offset, cost);
    const moves = [
      [atX!, x],
      [atY!, y],
      [atCost!, costs],
    ] as const;
    for (const [{ address }, { stride }] of moves) f.set(address, address.add(stride));
    f.set(left, left.sub(1));
    return left;
  });
  return cost;
};

interface Pass {
  readonly code: NetworkCode;
  readonly block: I32;
  readonly x: WalkPlace;
}

interface Sample extends Pass {
  readonly y: WalkPlace;
  readonly weight: F32x4;
}

/** J goes to `cost`. What follows is left out where J is not finite. */
const learnSample = (
  f: FunctionBuilder,
  { cost, ...sample }: Sample & { readonly cost: F32 },
  follow: (sample: Sample) => void,
): void => {
  const { code, block, y, weight } = sample;
  const layer = code.plan.layers.at(-1)!;
  f.scope(() => {
    const seen = forward(f, sample);
    const costs = outputDeltas(f, { layer, parts: code.output, block, y, weight });
    // A weight or an input that is not finite shows in some z, even where h hides it.
    f.set(cost, f.sum(costs).add(f.sum(seen).mul(0)));
  });
  f.if(cost.sub(cost).equals(0), () => {
    keepPrediction(f, code.plan, block);
    follow(sample);
  });
};

const keepPrediction = (f: FunctionBuilder, plan: Plan, block: I32): void => {
  const layer = plan.layers.at(-1)!;
  const tracks = [layer.hAt, plan.lastPredictionAt].map((at) => ({
    from: new WalkPlace(block, at),
    stride: 16,
  }));
  walk(f, { count: layer.vectors, unroll: 4, tracks }, ([from, to]) =>
    f.store(to!.address, to!.offset, from!.load()),
  );
};

/** h of all hidden layers and z of the last. Returns a sum of all z. */
const forward = (f: FunctionBuilder, { code, block, x }: Pass): F32x4 => {
  const { layers } = code.plan;
  const seen = f.keep(F32x4.splat(0));
  for (const [l, layer] of layers.entries()) {
    const input = l === 0 ? x : new WalkPlace(block, layers[l - 1]!.hAt);
    const isOutput = l === layers.length - 1;
    const activation = code.activations[l];
    const give = (z: F32x4, units: WalkPlace): void => {
      const sum = f.keep(z);
      f.set(seen, seen.add(sum));
      const at = isOutput ? units.plus(layer.zAt - layer.hAt) : units;
      const value = isOutput || !activation ? sum : activation.value(f, sum);
      f.store(at.address, at.offset, value);
      if (!isOutput && activation?.needsZ) {
        f.store(units.address, units.offset + layer.zAt - layer.hAt, sum);
      }
    };
    emitWeightedSums(f, { layer, block, input, give });
    if (!isOutput) finishHidden(f, { layer, block, isSoftmax: !activation });
  }
  return seen;
};

/** What is left of a hidden layer once each unit is done: softmax, and zeros in the padding. */
const finishHidden = (
  f: FunctionBuilder,
  { layer, block, isSoftmax }: { layer: LayerPlan; block: I32; isSoftmax: boolean },
): void => {
  const [h, masks] = [layer.hAt, layer.masksAt].map((at) => new WalkPlace(block, at));
  if (isSoftmax) {
    softmaxForward(f, { vectors: layer.vectors, z: h!, h: h!, masks: masks! });
  } else if (layer.outputs % 4 !== 0) {
    const last = 16 * (layer.vectors - 1);
    f.store(block, layer.hAt + last, h!.plus(last).load().and(masks!.plus(last).load()));
  }
};
