import { burst } from './burst.ts';
import type { Pacer } from './pacer.ts';

/** Who is given values: a subscriber. */
export interface Taker<T> {
  /** It wants no more. */
  readonly closed: boolean;
  next(value: T): void;
}

/**
 * Gives values that are there already, at a pace, and as many in one {@link burst} as the pace allows.
 * Returns how many were given: all, or as many as were wanted.
 */
export const emitPaced = async <T>(
  values: readonly T[],
  pacer: Pacer,
  taker: Taker<T>,
): Promise<number> => {
  let given = 0;
  while (given < values.length) {
    const granted = pacer.take(values.length - given);
    if (granted === 0) await pacer.pass();
    const from = given;
    const to = from + Math.max(1, granted);
    burst(() => {
      given = emit(values, { from, to }, { taker, pacer });
    });
    if (taker.closed) break;
  }
  return given;
};

/** Until no more are wanted, or somebody pauses it. Returns where the first is that was not given. */
const emit = <T>(
  values: readonly T[],
  { from, to }: { from: number; to: number },
  { taker, pacer }: { taker: Taker<T>; pacer: Pacer },
): number => {
  let at = from;
  for (; at < to && !taker.closed && !pacer.isPaused; at += 1) taker.next(values[at]!);
  return at;
};
