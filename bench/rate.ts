/** How long to measure. */
export interface RateOptions {
  /** Windows in all. Default 150. */
  readonly windows?: number;
  /** Milliseconds of one window. Default 4. */
  readonly windowMs?: number;
}

/**
 * How often a step can be done each second: that of the best of many short windows, because a
 * machine that others use too is at rest in some of them, and only then it says what code costs.
 */
export const bestRate = (
  step: (index: number) => void,
  { windows = 150, windowMs = 4 }: RateOptions = {},
): number => {
  let best = 0;
  let index = 0;
  for (let window = 0; window < windows; window++) {
    const start = performance.now();
    const first = index;
    // Reading the clock for each step would cost more than a small network.
    while (performance.now() - start < windowMs) for (let k = 0; k < 16; k++) step(index++);
    best = Math.max(best, (index - first) / (performance.now() - start));
  }
  return 1000 * best;
};
