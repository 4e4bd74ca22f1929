/** The value below which this part of the others lies; NaN of none. */
export const quantile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
};

/** The value in the middle. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);
