/** Columns of a curve that decide how much of the y axis is shown. */
export interface RangedColumns {
  /** Columns that must be seen in full. */
  readonly lines: readonly Float64Array[];
  /** The upper edge of the band; on a logarithmic axis all of it is shown. */
  readonly high: Float64Array;
}

/** Where to look, and how. */
export interface RangeWindow {
  readonly first: number;
  readonly last: number;
  readonly isLog: boolean;
}

/**
 * Lowest and highest y of a cost chart. Linear: from zero to a little over the lines; a single
 * costly sample does not flatten them. Logarithmic: all of the band's upper edge, and down to a
 * quarter of the lowest line, since the least J of a while may be nearly nothing.
 */
export function costRange(
  { lines, high }: RangedColumns,
  { first, last, isLog }: RangeWindow,
): [number, number] {
  const bounds = boundsOf(lines, { first, last });
  if (!bounds) return isLog ? [0.001, 1] : [0, 1];
  if (!isLog) return [0, bounds.max > 0 ? bounds.max * 1.25 : 1];
  const top = Math.max(bounds.max, boundsOf([high], { first, last })?.max ?? 0);
  const floor = bounds.minPositive / 4;
  return [floor, Math.max(top * 1.25, floor * 10)];
}

/** Lowest and highest y of lines, with a margin; a flat line gets room on both sides. */
export function lineRange(
  lines: readonly Float64Array[],
  window: { first: number; last: number },
): [number, number] {
  const bounds = boundsOf(lines, window);
  if (!bounds) return [0, 1];
  const margin = (bounds.max - bounds.min) * 0.08 || Math.abs(bounds.max) * 0.1 || 1;
  return [bounds.min - margin, bounds.max + margin];
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly minPositive: number;
}

function boundsOf(
  columns: readonly Float64Array[],
  { first, last }: { first: number; last: number },
): Bounds | undefined {
  let [min, max, minPositive] = [Infinity, -Infinity, Infinity];
  for (const column of columns) {
    for (let row = first; row <= last; row += 1) {
      const value = column[row] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
      if (value > 0) minPositive = Math.min(minPositive, value);
    }
  }
  if (max < min) return undefined;
  return { min, max, minPositive: Number.isFinite(minPositive) ? minPositive : 1e-6 };
}
