import * as activationFamily from '../activations/index.ts';
import { isBuiltIn } from '../built-in.ts';
import * as lossFamily from '../losses/index.ts';
import type { Engine, NetworkSpec } from './engine.ts';
import { ReferenceEngine } from './reference.ts';
import { hasOwnActivationCode } from './simd/activation-code.ts';
import { hasBuiltInCode } from './simd/code.ts';
import { hasOwnLossCode } from './simd/loss-code.ts';
import { SimdEngine } from './simd.ts';

/** Why the simd engine cannot run a network: names the part without a kernel. Undefined: it can. */
export const missingKernel = ({
  activations,
  loss,
  optimizer,
}: NetworkSpec): string | undefined => {
  for (const activation of activations) {
    const { name } = activation;
    if (isMember(activationFamily, activation) && hasBuiltInCode.activation(name)) continue;
    if (!hasOwnActivationCode(activation)) {
      return `the activation ${name} has no kernel; defineActivation makes one from an expression`;
    }
  }
  const isOwnLoss = isMember(lossFamily, loss) || isBuiltIn(loss);
  if (!hasOwnLossCode(loss) && !(isOwnLoss && hasBuiltInCode.loss(loss.name))) {
    return `the loss ${loss.name} has no kernel; defineLoss makes one from an expression`;
  }
  if (isBuiltIn(optimizer) && hasBuiltInCode.optimizer(optimizer.name)) return undefined;
  return `the optimizer ${optimizer.name} has no kernel`;
};

const isMember = (family: object, part: object): boolean => Object.values(family).includes(part);

/** An engine, and why it was chosen. */
export interface ChosenEngine {
  readonly engine: Engine;
  readonly reason: string;
}

/**
 * The engine of a network: the named one, otherwise simd where every part has a kernel and the
 * reference elsewhere. Throws a TypeError if simd is requested and a part has no kernel.
 */
export const chooseEngine = (spec: NetworkSpec, name?: Engine['name']): ChosenEngine => {
  if (name !== undefined && name !== 'reference' && name !== 'simd') {
    throw new TypeError(`no engine is called ${String(name)}; there is reference, simd`);
  }
  const missing = missingKernel(spec);
  if (name === 'simd' && missing) {
    throw new TypeError(`engine: 'simd' cannot run this network: ${missing}`);
  }
  if (name === 'reference') {
    return { engine: new ReferenceEngine(spec), reason: "engine: 'reference' was requested" };
  }
  if (missing) return { engine: new ReferenceEngine(spec), reason: missing };
  return { engine: new SimdEngine(spec), reason: 'every part has a kernel' };
};
