import { SampleError } from '../../stream/rejection.ts';

/** The values of a batch that can cross to another thread, and why the others cannot. */
export interface Sendable<Value> {
  readonly values: readonly Value[];
  /** The place of each of these in the batch. */
  readonly positions: readonly number[];
  readonly refused: readonly { readonly i: number; readonly error: SampleError }[];
}

/**
 * Sorts out what a program of its own may put into a sample, and no message can hold: functions,
 * symbols, and what is nested so deep that a copy overflows the stack. One of them makes a whole batch
 * fail, so this is for a batch that has failed: it copies each value.
 */
export const sendable = <Value>(batch: readonly Value[]): Sendable<Value> => {
  const values: Value[] = [];
  const positions: number[] = [];
  const refused: { i: number; error: SampleError }[] = [];
  for (const [i, value] of batch.entries()) {
    try {
      structuredClone(value);
      values.push(value);
      positions.push(i);
    } catch (error) {
      const { message } = error as Error;
      refused.push({ i, error: new SampleError('value', `it cannot be copied: ${message}`) });
    }
  }
  return { values, positions, refused };
};
