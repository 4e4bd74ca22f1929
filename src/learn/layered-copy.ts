import * as activationFamily from './activations/index.ts';
import { isBuiltIn } from './built-in.ts';
import type { NetworkSpec } from './kernel/engine.ts';
import * as lossFamily from './losses/index.ts';
import type { Memory } from './memory.ts';
import type { LayeredCopy } from './network-copy.ts';

const members = new Set<object>([...Object.values(activationFamily), ...Object.values(lossFamily)]);

/** The names of the parts that a network computes with. */
export const layeredDescription = ({
  activations,
  loss,
  optimizer,
}: NetworkSpec): Pick<LayeredCopy, 'activations' | 'loss' | 'isBuiltIn'> => ({
  activations: activations.map(({ name }) => name),
  loss: { name: loss.name, options: { ...loss.options } },
  isBuiltIn: [...activations, loss, optimizer].every(
    (part) => isBuiltIn(part) || members.has(part),
  ),
});

/** A copy of a network made of these parts, with this memory. */
export const layeredCopy = (spec: NetworkSpec, memory: Memory): LayeredCopy => {
  const { optimizer, schedule } = spec;
  const { weightDecay, gradientClip, outputChangeCap, isStandardised } = spec;
  const { step } = memory['optimizer'] as { readonly step: number };
  return {
    kind: 'layers',
    name: 'network',
    ...layeredDescription(spec),
    optimizer: { name: optimizer.name, options: { ...optimizer.options } },
    weightDecay,
    gradientClip,
    outputChangeCap,
    isStandardised,
    rate: schedule ? schedule(step) : 1,
    memory,
    target: null,
  };
};
