import * as activationFamily from '../activations/index.ts';
import { isBuiltIn } from '../built-in.ts';
import * as lossFamily from '../losses/index.ts';
import type { Engine, NetworkSpec } from './engine.ts';
import { ReferenceEngine } from './reference.ts';
import { hasCode } from './simd/code.ts';
import { SimdEngine } from './simd.ts';

/** Whether every part is one of this library that the simd engine has code for. */
export const hasKernel = (spec: NetworkSpec): boolean =>
  hasCode(spec) &&
  spec.activations.every((activation) => isMember(activationFamily, activation)) &&
  (isMember(lossFamily, spec.loss) || isBuiltIn(spec.loss)) &&
  isBuiltIn(spec.optimizer);

const isMember = (family: object, part: object): boolean => Object.values(family).includes(part);

/**
 * The engine of a network: the named one, otherwise simd where every part has a kernel and the
 * reference elsewhere. Throws a TypeError where simd is asked for and a part has no kernel.
 */
export const makeEngine = (spec: NetworkSpec, name?: Engine['name']): Engine => {
  if (name !== undefined && name !== 'reference' && name !== 'simd') {
    throw new TypeError(`no engine is called ${String(name)}; there is reference, simd`);
  }
  if (name === 'simd' && !hasKernel(spec)) {
    throw new TypeError(
      "engine: 'simd' runs built-in parts only; leave it out, or say 'reference'",
    );
  }
  if (name === 'reference' || !hasKernel(spec)) return new ReferenceEngine(spec);
  return new SimdEngine(spec);
};
