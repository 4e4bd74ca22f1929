import type { Frame } from './contours.ts';

/** A point of the picture, from 0 to 1 to the right and downwards. */
export type PicturePoint = readonly [number, number];

/** A four-sided piece of a surface. */
export interface Tile {
  readonly corners: readonly PicturePoint[];
  /** How high it lies: 0 … 1. */
  readonly level: number;
}

/** A surface as tiles, the farthest first, and where a position of the plane lies on it. */
export interface Surface {
  readonly tiles: readonly Tile[];
  readonly project: (position: readonly number[]) => PicturePoint;
}

/** Tiles along each side. */
const count = 30;
/** How much of the picture the plane and the heights take. */
const reach = 0.62;
const lift = 0.42;
/** How far the plane is tipped towards the reader. */
const tilt = 0.45;

/** A parallel projection of a function over a frame, turned by degrees around its middle. */
export const surface = (
  value: (position: readonly number[]) => number,
  { left, right, low, high }: Frame,
  degrees: number,
): Surface => {
  const at = (column: number, row: number): readonly [number, number] => [
    left + ((right - left) * column) / count,
    low + ((high - low) * row) / count,
  ];
  const heights = Array.from({ length: (count + 1) ** 2 }, (_, i) =>
    value(at(i % (count + 1), Math.floor(i / (count + 1)))),
  );
  const finite = heights.filter(Number.isFinite);
  const bottom = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const top = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const levelOf = (z: number): number => {
    const share = (z - bottom) / (top - bottom || 1);
    return Number.isFinite(share) ? Math.cbrt(Math.min(1, Math.max(0, share))) : 1;
  };
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  /** Right and away from the reader, from −½ to ½ before it is turned. */
  const turned = ([x, y]: readonly number[]): readonly [number, number] => {
    const a = (x! - left) / (right - left) - 0.5;
    const b = (y! - low) / (high - low) - 0.5;
    return [a * cos - b * sin, a * sin + b * cos];
  };
  const project = (position: readonly number[]): PicturePoint => {
    const [across, away] = turned(position);
    const y = 0.68 - away * tilt * reach - (levelOf(value(position)) - 0.35) * lift;
    return [0.5 + across * reach, y];
  };
  const tiles = Array.from({ length: count * count }, (_, i) => {
    const [column, row] = [i % count, Math.floor(i / count)];
    const corners = [
      at(column, row),
      at(column + 1, row),
      at(column + 1, row + 1),
      at(column, row + 1),
    ];
    const middle = at(column + 0.5, row + 0.5);
    return {
      corners: corners.map(project),
      level: levelOf(value(middle)),
      away: turned(middle)[1],
    };
  });
  return { tiles: tiles.sort((one, other) => other.away - one.away), project };
};
