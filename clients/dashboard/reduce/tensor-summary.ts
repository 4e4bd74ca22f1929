/** What a glance at one tensor tells. */
export interface TensorSummary {
  /** The Euclidean norm. */
  readonly norm: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Values that are NaN or infinite; they are in no other figure. */
  readonly nonFinite: number;
  /** How many values fall into each of the equal parts of −limit … +limit. */
  readonly histogram: readonly number[];
}

const PARTS = 24;

/** Norm, extremes, mean and histogram of a tensor's values. */
export function summarise(values: ArrayLike<number>, limit: number): TensorSummary {
  const histogram = new Array<number>(PARTS).fill(0);
  let [squares, sum, min, max, count] = [0, 0, Infinity, -Infinity, 0];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (!Number.isFinite(value)) continue;
    squares += value * value;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    count += 1;
    const part = partOf(value, limit);
    histogram[part] = (histogram[part] ?? 0) + 1;
  }
  const nonFinite = values.length - count;
  return { norm: Math.sqrt(squares), min, max, mean: sum / count, nonFinite, histogram };
}

function partOf(value: number, limit: number): number {
  const share = (value / limit + 1) / 2;
  return Math.max(0, Math.min(PARTS - 1, Math.floor(share * PARTS)));
}

/** ‖now − before‖ / ‖before‖: how far a tensor has moved, as a share of its size. */
export function relativeChange(now: ArrayLike<number>, before: ArrayLike<number>): number {
  if (now.length !== before.length) return Number.NaN;
  let [moved, size] = [0, 0];
  for (let index = 0; index < now.length; index += 1) {
    const old = before[index] ?? 0;
    moved += ((now[index] ?? 0) - old) ** 2;
    size += old * old;
  }
  return Math.sqrt(moved / size);
}
