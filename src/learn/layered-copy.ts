import * as activationFamily from './activations/index.ts';
import { isBuiltIn } from './built-in.ts';
import type { NetworkSpec } from './kernel/engine.ts';
import * as lossFamily from './losses/index.ts';
import type { Memory } from './memory.ts';
import type { LayeredCopy } from './network-copy.ts';

const members = new Set<object>([...Object.values(activationFamily), ...Object.values(lossFamily)]);

/** A copy of a network made of these parts, with this memory. */
export const layeredCopy = (
  { activations, loss, optimizer, schedule, ...spec }: NetworkSpec,
  memory: Memory,
): LayeredCopy => {
  const { weightDecay, gradientClip, outputChangeCap, isStandardised } = spec;
  const { step } = memory['optimizer'] as { readonly step: number };
  return {
    kind: 'layers',
    name: 'network',
    activations: activations.map(({ name }) => name),
    loss: { name: loss.name, options: { ...loss.options } },
    optimizer: { name: optimizer.name, options: { ...optimizer.options } },
    weightDecay,
    gradientClip,
    outputChangeCap,
    isStandardised,
    rate: schedule ? schedule(step) : 1,
    isBuiltIn: [...activations, loss, optimizer].every(
      (part) => isBuiltIn(part) || members.has(part),
    ),
    memory,
    target: null,
  };
};
