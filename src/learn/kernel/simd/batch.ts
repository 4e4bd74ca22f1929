import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import { F32 } from '../../../math/wasm/scalars.ts';
import { type Track, WalkPlace, walk } from '../../../math/wasm/walk.ts';
import type { WeightVisitor } from './backward.ts';
import {
  beginUpdate,
  type Descent,
  limit,
  propagate,
  sumOfSizes,
  type VisitorOf,
} from './descend.ts';
import { updating } from './update.ts';

/** Where Σ|δ| of the batch lies: after the two doubles of the optimizer. */
const sizesOffset = 16;

/** Adds the gradient of one sample to that of the batch. */
export const addToBatch = (f: FunctionBuilder, sample: Omit<Descent, 'rate'>): void => {
  const { plan } = sample.code;
  const offset = plan.gradientAt! - plan.parametersAt;
  const adding: WeightVisitor = {
    visit(_weights, gradient, at) {
      const sum = at.plus(offset);
      f.store(sum.address, sum.offset, sum.load().add(gradient));
    },
  };
  propagate(f, sample, () => adding);
  const sizes = new WalkPlace(sample.block, plan.scalarsAt + sizesOffset);
  const total = F32.load(sizes.address, sizes.offset).add(sumOfSizes(f, sample).lane(0));
  f.store(sizes.address, sizes.offset, total);
};

/** What the update of a batch is made from. */
export interface BatchUpdate extends Omit<Descent, 'x'> {
  /** 1/k for the mean, in all lanes. */
  readonly factor: F32x4;
}

/** One update by the gradient of the batch, which is then zero again. */
export const applyBatch = (f: FunctionBuilder, batch: BatchUpdate): void => {
  const { code, block, factor } = batch;
  const { plan } = code;
  const sizes = new WalkPlace(block, plan.scalarsAt + sizesOffset);
  const limited = limit(f, beginUpdate(f, batch), {
    visitAll: (visitorOf) => visitSums(f, batch, visitorOf),
    outputDelta: () => f.keep(sizes.loadSplat().mul(factor)),
  });
  const offset = plan.gradientAt! - plan.parametersAt;
  visitSums(f, batch, (kind) => {
    const update = updating(f, limited, kind);
    return {
      ...update,
      visit(parameters, gradient, at) {
        update.visit(parameters, gradient, at);
        f.store(at.address, at.offset + offset, F32x4.splat(0));
      },
    };
  });
  f.store(sizes.address, sizes.offset, F32.of(0));
};

/** Shows the mean gradient of the batch, layer by layer. */
const visitSums = (
  f: FunctionBuilder,
  { code, block, factor }: BatchUpdate,
  visitorOf: VisitorOf,
): void => {
  const { layers, parametersAt, gradientAt } = code.plan;
  const visitRange = (visitor: WeightVisitor, at: number, bytes: number): void => {
    const tracks: Track[] = [{ from: new WalkPlace(block, at), stride: 16 }];
    f.scope(() => {
      const scale = visitor.scale ? f.keep(visitor.scale.mul(factor)) : factor;
      walk(f, { count: bytes / 16, unroll: 1, tracks }, ([place]) => {
        const gradient = place!
          .plus(gradientAt! - parametersAt)
          .load()
          .mul(scale);
        visitor.visit(f.keep(place!.load()), gradient, place!);
      });
    });
  };
  for (const layer of layers) {
    visitRange(visitorOf('weights'), layer.weightsAt, layer.biasesAt - layer.weightsAt);
    visitRange(visitorOf('biases'), layer.biasesAt, 16 * layer.vectors);
  }
};
