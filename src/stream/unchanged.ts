import type { Applicable } from './stateful.ts';

/** A part that passes values on as they are, and remembers nothing. */
export const unchanged = <Value>(): Applicable<null, Value, Value> => ({
  name: 'unchanged',
  initial: () => null,
  apply: (_memory, value) => value,
  update: (_memory, value) => value,
});
