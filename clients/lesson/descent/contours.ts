/** A part of the plane. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly low: number;
  readonly high: number;
}

/** The frame around positions, with some space on each side. */
export const frameOf = (positions: readonly (readonly number[])[]): Frame => {
  const [left, right] = spread(positions.map(([x]) => x!));
  const [low, high] = spread(positions.map(([, y]) => y!));
  return { left, right, low, high };
};

const spread = (values: readonly number[]): [number, number] => {
  const least = Math.min(...values, -1);
  const most = Math.max(...values, 1);
  const extra = (most - least) * 0.12;
  return [least - extra, most + extra];
};

const columns = 64;
const rows = 48;
const levelCount = 14;

/** Line segments (x1, y1, x2, y2) of one level, from 0 … 1 in both directions, y upwards. */
export type Segments = readonly (readonly [number, number, number, number])[];

/**
 * Contour lines by marching squares. The levels are closer where the function is low, because that is
 * where a descent ends. W. E. Lorensen and H. E. Cline, "Marching Cubes", 1987, in two dimensions.
 */
export const contours = (
  value: (position: readonly number[]) => number,
  { left, right, low, high }: Frame,
): Segments[] => {
  const values = Array.from({ length: rows + 1 }, (_, row) =>
    Array.from({ length: columns + 1 }, (__, column) =>
      value([left + ((right - left) * column) / columns, low + ((high - low) * row) / rows]),
    ),
  );
  const finite = values.flat().filter(Number.isFinite);
  if (finite.length === 0) return [];
  const bottom = finite.reduce((a, b) => Math.min(a, b));
  const top = finite.reduce((a, b) => Math.max(a, b));
  return Array.from({ length: levelCount }, (_, index) => {
    const share = (index + 1) / (levelCount + 1);
    return segmentsAt(values, bottom + (top - bottom) * share * share);
  });
};

type Point = readonly [number, number];

const segmentsAt = (values: readonly (readonly number[])[], level: number): Segments => {
  const segments: [number, number, number, number][] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const corners: Point[] = [
        [column, row],
        [column + 1, row],
        [column + 1, row + 1],
        [column, row + 1],
      ];
      const crossings = corners.flatMap((corner, index) =>
        crossing(corner, corners[(index + 1) % 4]!, { values, level }),
      );
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        const [[x1, y1], [x2, y2]] = [crossings[pair]!, crossings[pair + 1]!];
        segments.push([x1 / columns, y1 / rows, x2 / columns, y2 / rows]);
      }
    }
  }
  return segments;
};

/** Where an edge of a cell crosses the level, if it does. */
const crossing = (
  [x1, y1]: Point,
  [x2, y2]: Point,
  { values, level }: { values: readonly (readonly number[])[]; level: number },
): Point[] => {
  const a = values[y1]![x1]!;
  const b = values[y2]![x2]!;
  if (a < level === b < level || !Number.isFinite(a - b)) return [];
  const share = (level - a) / (b - a);
  return [[x1 + (x2 - x1) * share, y1 + (y2 - y1) * share]];
};
