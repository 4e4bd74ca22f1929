import type { ModelDescription } from '../../broadcast/model-info.ts';
import type { Slot } from '../../encode/slots.ts';

const kinds = { number: 'number', value: 'category', hash: 'category', cycle: 'time' } as const;

/** The features that have slots, each with the kind that it was first seen as. */
export const describeSlots = (slots: readonly Slot[]): ModelDescription['features'] & object => {
  const features = new Map<string, (typeof kinds)[keyof typeof kinds]>();
  for (const { feature, kind } of slots) {
    // Those that share what overflows have no slot that is theirs.
    if (kind !== 'overflow' && !features.has(feature)) features.set(feature, kinds[kind]);
  }
  return Array.from(features, ([name, kind]) => ({ name, kind }));
};
