import type { Applicable } from './stateful.ts';

/**
 * Several parts as one: each takes what the one before it returns. Its memory is the list of theirs,
 * one per part.
 */
export function chain<First, Second, Value>(
  first: Applicable<First, Value, Value>,
  second: Applicable<Second, Value, Value>,
): Applicable<[First, Second], Value, Value>;
export function chain<First, Second, Third, Value>(
  first: Applicable<First, Value, Value>,
  second: Applicable<Second, Value, Value>,
  third: Applicable<Third, Value, Value>,
): Applicable<[First, Second, Third], Value, Value>;
export function chain<Memory, Value>(
  ...parts: readonly Applicable<Memory, Value, Value>[]
): Applicable<Memory[], Value, Value>;
export function chain<Memory, Value>(
  ...parts: readonly Applicable<Memory, Value, Value>[]
): Applicable<Memory[], Value, Value> {
  return {
    name: parts.map(({ name }) => name).join(', '),
    initial: () => parts.map((part) => part.initial()),
    apply: (memories, value) =>
      parts.reduce((passed, part, i) => part.apply(memories[i]!, passed), value),
    update: (memories, value) =>
      parts.reduce((passed, part, i) => part.update(memories[i]!, passed), value),
  };
}
