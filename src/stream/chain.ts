import type { Applicable } from './stateful.ts';

/** Several parts as one: each takes what the one before it gives. Its memory is all of theirs. */
export const chain = <Memory, Value>(
  ...parts: readonly Applicable<Memory, Value, Value>[]
): Applicable<Memory[], Value, Value> => ({
  name: parts.map(({ name }) => name).join(', '),
  initial: () => parts.map((part) => part.initial()),
  apply: (memories, value) =>
    parts.reduce((passed, part, i) => part.apply(memories[i]!, passed), value),
  update: (memories, value) =>
    parts.reduce((passed, part, i) => part.update(memories[i]!, passed), value),
});
