/**
 * A window of numbers in buckets of 1, 2, 4, … values, a row of buckets for each size: a window of
 * n values takes O(log n) memory. M. Datar, A. Gionis, P. Indyk and R. Motwani, "Maintaining stream
 * statistics over sliding windows", 2002.
 */
export type ExponentialHistogram = {
  width: number;
  total: number;
  /** Σ(value − mean)² over the window. */
  spread: number;
  /** The total of each bucket: row r has those of 2^r values, oldest first. */
  totals: number[][];
};

/** A window with nothing in it. */
export const emptyHistogram = (): ExponentialHistogram => ({
  width: 0,
  total: 0,
  spread: 0,
  totals: [[]],
});

/** Takes a value in. Where a row has more than `bucketsMax` buckets, its two oldest become one. */
export const insert = (window: ExponentialHistogram, value: number, bucketsMax: number): void => {
  if (window.width > 0) {
    const away = value - window.total / window.width;
    window.spread += (away * away * window.width) / (window.width + 1);
  }
  window.width += 1;
  window.total += value;
  window.totals[0]!.push(value);
  for (let row = 0; window.totals[row]!.length > bucketsMax; row += 1) {
    mergeOldest(window.totals, row);
  }
};

const mergeOldest = (totals: number[][], row: number): void => {
  if (totals.length === row + 1) totals.push([]);
  const buckets = totals[row]!;
  totals[row + 1]!.push(buckets[0]! + buckets[1]!);
  dropOldest(buckets);
};

/** Takes off the first two. By `splice` or `shift` it would make arrays or boxes at each value. */
const dropOldest = (row: number[]): void => {
  for (let i = 2; i < row.length; i += 1) row[i - 2] = row[i]!;
  row.pop();
  row.pop();
};
