/** Between which numbers a target lies with some probability. */
export interface Interval {
  /** The lower bound, in the unit of the target. */
  readonly low: number;
  /** The upper bound, in the unit of the target. */
  readonly high: number;
}
