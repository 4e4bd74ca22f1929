/** The cost of the last while: how many samples, and their mean, least and largest J. */
export interface WindowedCost {
  /** Samples in the window. */
  readonly count: number;
  /** The mean cost in it. */
  readonly mean: number;
  /** The least cost in it. */
  readonly min: number;
  /** The greatest cost in it. */
  readonly max: number;
}

/** The newest costs, in a ring. */
export type RecentCostMemory = {
  /** Costs ever taken; the newest lies at (taken − 1) mod the ring's length. */
  taken: number;
  readonly ring: Float64Array;
};

/** A ring for the `size` newest costs. */
export const recentCost = (size: number): RecentCostMemory => ({
  taken: 0,
  ring: new Float64Array(size),
});

/** Puts a finite cost into the ring in place of the oldest. */
export const pushCost = (memory: RecentCostMemory, cost: number): void => {
  const { ring, taken } = memory;
  ring[taken % ring.length] = cost;
  memory.taken = taken + 1;
};

/**
 * Mean, least and largest of the ring. It adds them up afresh, so that nothing drifts and taking a
 * cost stays one write; it is read a few times per second, not once per sample.
 */
export const windowedCost = ({ ring, taken }: RecentCostMemory): WindowedCost => {
  const count = Math.min(taken, ring.length);
  if (count === 0) return { count, mean: Number.NaN, min: Number.NaN, max: Number.NaN };
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i += 1) {
    const cost = ring[i]!;
    sum += cost;
    if (cost < min) min = cost;
    if (cost > max) max = cost;
  }
  return { count, mean: sum / count, min, max };
};
