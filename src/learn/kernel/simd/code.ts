import { isFused } from '../../loss.ts';
import type { NetworkSpec } from '../engine.ts';
import { activationCode, elementwiseCode } from './activation-code.ts';
import { ownCorrection, sharedCorrection } from './bias-correction-code.ts';
import type { NetworkCode } from './learn.ts';
import { fusedCost, lossCodeByName, lossCodeOf } from './loss-code.ts';
import { optimizerCode } from './optimizer-code.ts';
import { plan } from './plan.ts';

/** How a network has grown, as far as its code depends on it. */
export interface Extent {
  /** The capacity of each layer, in units. */
  readonly capacity: readonly number[];
  /** Whether parameters may have been made at different steps. */
  readonly isGrown: boolean;
  /** Whether the network has learned a batch. */
  readonly isBatched: boolean;
}

/** Whether there is code for a built-in part of this name. */
export const hasBuiltInCode = {
  activation: (name: string): boolean => name === 'softmax' || Object.hasOwn(elementwiseCode, name),
  loss: (name: string): boolean => Object.hasOwn(lossCodeByName, name),
  optimizer: (name: string): boolean => Object.hasOwn(optimizerCode, name),
};

/** What the code of a network is generated from. */
export const networkCode = (
  spec: NetworkSpec,
  { capacity, isGrown, isBatched }: Extent,
): NetworkCode => {
  const { activations, loss, weightDecay, gradientClip, outputChangeCap, isStandardised } = spec;
  const correction = isGrown ? ownCorrection : sharedCorrection;
  const optimizer = optimizerCode[spec.optimizer.name]!(spec.optimizer.options, correction);
  const memoryCount = optimizer.memory.length + (isGrown ? optimizer.decays.length : 0);
  const outputs = capacity.at(-1)!;
  return {
    plan: plan({ sizes: capacity, memoryCount, isBatched, isStandardised }),
    activations: activations.map(activationCode),
    output: {
      activation: activationCode(activations.at(-1)!),
      loss: lossCodeOf(loss),
      ...(isFused(loss, activations.at(-1)!) && { fusedCost: fusedCost[loss.name]! }),
      isPadded: outputs % 4 !== 0 || outputs !== spec.sizes.at(-1),
    },
    optimizer,
    weightDecay,
    gradientClip,
    outputChangeCap,
  };
};

/** Names everything that the generated code depends on. The learning rate is an argument of it. */
export const codeKey = (spec: NetworkSpec, extent: Extent): string => {
  const { activations, loss, optimizer, isStandardised } = spec;
  const { weightDecay, gradientClip, outputChangeCap } = spec;
  const { learningRate: _argument, ...options } = optimizer.options;
  const isPadded = extent.capacity.at(-1) !== spec.sizes.at(-1);
  const names = [
    ...activations.map((activation) => activationCode(activation)?.key ?? activation.name),
    lossCodeOf(loss).key ?? loss.name,
    optimizer.name,
  ];
  const limits = [weightDecay, gradientClip, outputChangeCap];
  const kind = [extent, isPadded, isStandardised];
  return JSON.stringify(['network', kind, names, loss.options, options, limits]);
};
