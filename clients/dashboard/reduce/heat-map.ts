import { shadeOf } from './colour-scale.ts';

/** Where each weight of a matrix lies in a picture of one cell a weight. */
export interface HeatMapLayout {
  /** `fields`: each unit's incoming weights as a small picture. `matrix`: a unit a row. */
  readonly kind: 'fields' | 'matrix';
  /** Units, the first number of the shape. */
  readonly units: number;
  /** Incoming weights of a unit, the second number of the shape. */
  readonly inputs: number;
  /** Cells across and down, gaps included. */
  readonly width: number;
  readonly height: number;
  /** Side of a field in cells; 1 for a matrix. */
  readonly side: number;
  /** Fields in a row of fields; 1 for a matrix. */
  readonly perRow: number;
  /** Whether units run across and inputs down, which a tall narrow matrix needs. */
  readonly isTurned: boolean;
}

/** One weight of a matrix. */
export interface Cell {
  readonly unit: number;
  readonly input: number;
}

/** The whole root of n where n is a square of pictures' size (16 and more), else 0. */
export function pictureSide(n: number): number {
  const side = Math.round(Math.sqrt(n));
  return side >= 4 && side * side === n ? side : 0;
}

/** Rows of fields about half as many as columns: they lie in a wide panel. */
export function fieldsLayout([units, inputs]: readonly [number, number]): HeatMapLayout {
  const side = Math.max(1, Math.ceil(Math.sqrt(inputs)));
  const perRow = Math.max(1, Math.min(units, Math.round(Math.sqrt(units * 2))));
  const rows = Math.ceil(units / perRow);
  const [width, height] = [perRow * (side + 1) - 1, rows * (side + 1) - 1];
  return { kind: 'fields', units, inputs, width, height, side, perRow, isTurned: false };
}

/** A unit a row, or a unit a column where that would be taller than wide. */
export function matrixLayout([units, inputs]: readonly [number, number]): HeatMapLayout {
  const isTurned = units > inputs;
  const [width, height] = isTurned ? [units, inputs] : [inputs, units];
  return { kind: 'matrix', units, inputs, width, height, side: 1, perRow: 1, isTurned };
}

/** The first layer of picture-like input as fields, everything else as a matrix. */
export function heatMapLayout(
  shape: readonly [number, number],
  { isFirst }: { isFirst: boolean },
): HeatMapLayout {
  const isPicture = isFirst && pictureSide(shape[1]) > 0;
  return isPicture ? fieldsLayout(shape) : matrixLayout(shape);
}

/** The place of a weight in the picture. */
export function placeOf({ unit, input }: Cell, layout: HeatMapLayout): { x: number; y: number } {
  if (layout.kind === 'matrix')
    return layout.isTurned ? { x: unit, y: input } : { x: input, y: unit };
  const { side, perRow } = layout;
  return {
    x: (unit % perRow) * (side + 1) + (input % side),
    y: Math.floor(unit / perRow) * (side + 1) + Math.floor(input / side),
  };
}

/** The weight at a place of the picture; undefined in a gap. */
export function cellAt(
  { x, y }: { x: number; y: number },
  layout: HeatMapLayout,
): Cell | undefined {
  const cell = layout.kind === 'matrix' ? matrixCell(x, y, layout) : fieldCell(x, y, layout);
  const isInside = cell.unit < layout.units && cell.input >= 0 && cell.input < layout.inputs;
  return isInside && x >= 0 && y >= 0 ? cell : undefined;
}

function matrixCell(x: number, y: number, { isTurned }: HeatMapLayout): Cell {
  return isTurned ? { unit: x, input: y } : { unit: y, input: x };
}

function fieldCell(x: number, y: number, { side, perRow }: HeatMapLayout): Cell {
  const [column, row] = [Math.floor(x / (side + 1)), Math.floor(y / (side + 1))];
  const [inX, inY] = [x % (side + 1), y % (side + 1)];
  const isGap = inX === side || inY === side || column >= perRow;
  return { unit: row * perRow + column, input: isGap ? -1 : inY * side + inX };
}

/** How a picture is coloured. */
export interface Paint {
  /** Of {@link divergingTable}. */
  readonly table: Uint8Array;
  /** The value with the strongest colour. */
  readonly limit: number;
}

/**
 * Fills `pixels` (red, green, blue, alpha; width × height of them) with the weights, row-major
 * [units, inputs]. Gaps and weights that are not finite stay transparent, so the hatched ground
 * of the picture shows through: a NaN must be seen.
 */
export function paintHeatMap(
  values: ArrayLike<number>,
  layout: HeatMapLayout,
  { table, limit, pixels }: Paint & { pixels: Uint8ClampedArray },
): void {
  pixels.fill(0);
  for (let unit = 0; unit < layout.units; unit += 1) {
    for (let input = 0; input < layout.inputs; input += 1) {
      const value = values[unit * layout.inputs + input] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      const { x, y } = placeOf({ unit, input }, layout);
      const shade = shadeOf(value, limit) * 3;
      pixels.set(table.subarray(shade, shade + 3), (y * layout.width + x) * 4);
      pixels[(y * layout.width + x) * 4 + 3] = 255;
    }
  }
}
