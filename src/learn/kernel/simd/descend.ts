import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import type { F32, I32 } from '../../../math/wasm/scalars.ts';
import { WalkPlace, walk } from '../../../math/wasm/walk.ts';
import { type ElementwiseCode, softmaxBackward, spread } from './activation-code.ts';
import { emitBackward, type WeightVisitor } from './backward.ts';
import type { OptimizerCode } from './optimizer-code.ts';
import type { LayerPlan, Plan } from './plan.ts';
import {
  addingChanges,
  addingSquares,
  type ParameterKind,
  type UpdateCode,
  type UpdateLimits,
  updating,
} from './update.ts';

/** What a descent is made from, once δ^(n_l) is known. */
export interface Descent {
  readonly code: UpdateLimits & {
    readonly plan: Plan;
    readonly activations: readonly (ElementwiseCode | undefined)[];
    readonly optimizer: OptimizerCode;
  };
  readonly block: I32;
  readonly x: WalkPlace;
  /** α times the factor of the schedule. */
  readonly rate: F32;
}

/** All deltas and the update, in one pass over the weights where no limit asks for more. */
export const emitDescend = (f: FunctionBuilder, descent: Descent): void => {
  const update = beginUpdate(f, descent);
  if (update.gradientClip === 0 && update.outputChangeCap === 0) {
    propagate(f, descent, (kind) => updating(f, update, kind));
    return;
  }
  propagate(f, descent);
  const visitAll: VisitAll = (visitorOf) => visitGradients(f, descent, visitorOf);
  const outputDelta = (): F32x4 => sumOfSizes(f, descent);
  const limited = limit(f, update, { visitAll, outputDelta });
  visitAll((kind) => updating(f, limited, kind));
};

/** The beginning of an update: what the optimizer does once a sample. */
export const beginUpdate = (
  f: FunctionBuilder,
  { code, block, rate }: Omit<Descent, 'x'>,
): UpdateCode => {
  const { plan, optimizer, weightDecay, gradientClip, outputChangeCap } = code;
  const step = optimizer.prepare(f, { rate, scalars: new WalkPlace(block, plan.scalarsAt) });
  const memoryOffsets = Array.from(
    { length: plan.memoryCount },
    (_, index) => plan.parametersLength * (index + 1),
  );
  return { step, memoryOffsets, weightDecay, gradientClip, outputChangeCap };
};

/** The visitor of each kind of parameter. */
export type VisitorOf = (kind: ParameterKind) => WeightVisitor;

/** Shows the whole gradient to visitors. */
export type VisitAll = (visitorOf: VisitorOf) => void;

/** δ of every hidden layer, from the last to the first, and what the visitor does on the way. */
export const propagate = (
  f: FunctionBuilder,
  descent: Omit<Descent, 'rate'>,
  visitorOf?: VisitorOf,
): void => {
  const { plan, activations } = descent.code;
  for (const [l, layer] of [...plan.layers.entries()].reverse()) {
    const before = plan.layers[l - 1];
    f.scope(() => {
      emitBackward(f, {
        ...passOf(descent, l),
        visitor: visitorOf?.('weights'),
        propagate: before && {
          to: new WalkPlace(descent.block, before.deltasAt),
          finish: finishOf(f, activations[l - 1], before),
        },
      });
      if (visitorOf) visitBiases(f, { layer, block: descent.block, visitor: visitorOf('biases') });
      if (before && !activations[l - 1]) softmaxDeltas(f, before, descent.block);
    });
  }
};

/** Once all deltas are there: the visitor gets every gradient, and (W)ᵀδ is left alone. */
const visitGradients = (f: FunctionBuilder, descent: Descent, visitorOf: VisitorOf): void => {
  for (const [l, layer] of descent.code.plan.layers.entries()) {
    f.scope(() => {
      emitBackward(f, { ...passOf(descent, l), visitor: visitorOf('weights') });
      visitBiases(f, { layer, block: descent.block, visitor: visitorOf('biases') });
    });
  }
};

const passOf = ({ code, block, x }: Omit<Descent, 'rate'>, l: number) => {
  const { layers, memoryCount } = code.plan;
  const input = l === 0 ? x : new WalkPlace(block, layers[l - 1]!.hAt);
  // An update with memory is long enough that written out it would crowd out the caches.
  return { layer: layers[l]!, block, input, unroll: memoryCount === 0 ? 2 : 1 };
};

const finishOf =
  (f: FunctionBuilder, activation: ElementwiseCode | undefined, layer: LayerPlan) =>
  (sum: F32x4, h: F32x4, deltas: WalkPlace): F32x4 =>
    activation?.backward(f, sum, h, deltas.plus(layer.zAt - layer.deltasAt)) ?? sum;

const softmaxDeltas = (
  f: FunctionBuilder,
  { vectors, hAt, deltasAt }: LayerPlan,
  block: I32,
): void =>
  softmaxBackward(f, {
    vectors,
    h: new WalkPlace(block, hAt),
    gradients: new WalkPlace(block, deltasAt),
  });

const visitBiases = (
  f: FunctionBuilder,
  { layer, block, visitor }: { layer: LayerPlan; block: I32; visitor: WeightVisitor },
): void => {
  const tracks = [layer.biasesAt, layer.deltasAt].map((at) => ({
    from: new WalkPlace(block, at),
    stride: 16,
  }));
  walk(f, { count: layer.vectors, unroll: 4, tracks }, ([at, deltas]) => {
    const delta = deltas!.load();
    visitor.visit(f.keep(at!.load()), visitor.scale ? delta.mul(visitor.scale) : delta, at!);
  });
};

/** The whole gradient, and Σ|δ| of the output that belongs to it. */
export interface WholeGradient {
  readonly visitAll: VisitAll;
  readonly outputDelta: () => F32x4;
}

/** The update with its clip and its cap worked out. */
export const limit = (
  f: FunctionBuilder,
  update: UpdateCode,
  { visitAll, outputDelta }: WholeGradient,
): UpdateCode => {
  const sumOver = (visitorOf: (sum: F32x4) => VisitorOf): F32x4 => {
    const sum = f.keep(F32x4.splat(0));
    visitAll(visitorOf(sum));
    spread(f, sum, (a, b) => a.add(b));
    return sum;
  };
  let limited = update;
  if (update.gradientClip > 0) {
    const squares = sumOver((sum) => (kind) => addingSquares(f, update, { kind, sum }));
    const most = F32x4.splat(update.gradientClip);
    limited = { ...limited, clip: atMostOne(f, most, f.keep(squares.sqrt())) };
  }
  if (update.outputChangeCap > 0) {
    const clipped = limited;
    const changes = sumOver((sum) => (kind) => addingChanges(f, clipped, { kind, sum }));
    limited = { ...limited, cap: atMostOne(f, outputDelta().mul(update.outputChangeCap), changes) };
  }
  return limited;
};

/** Σ|δ| of the output layer, in all lanes. */
export const sumOfSizes = (
  f: FunctionBuilder,
  { code, block }: Pick<Descent, 'code' | 'block'>,
): F32x4 => {
  const layer = code.plan.layers.at(-1)!;
  const sum = f.keep(F32x4.splat(0));
  const tracks = [{ from: new WalkPlace(block, layer.deltasAt), stride: 16 }];
  walk(f, { count: layer.vectors, unroll: 4, tracks }, ([deltas]) =>
    f.set(sum, sum.add(deltas!.load().abs())),
  );
  spread(f, sum, (a, b) => a.add(b));
  return sum;
};

/** most/value where the value is larger, otherwise 1. */
const atMostOne = (f: FunctionBuilder, most: F32x4, value: F32x4): F32x4 => {
  const limit = f.keep(most);
  return f.keep(F32x4.select(value.isGreater(limit), limit.div(value), F32x4.splat(1)));
};
