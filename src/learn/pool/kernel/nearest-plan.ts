import { blocksMax, nearestMax, pointsInBlock } from './nearest-code.ts';

/** Points that are remembered, and numbers that they may take up together. */
const pointsMax = blocksMax * pointsInBlock;
const numbersMax = 0x20_0000;

/** Where everything lies in the block of a search, in floats from its start. */
export interface NearestPlan {
  /** The capacity for points. */
  readonly capacity: number;
  readonly pointsAt: number;
  readonly outAt: number;
  readonly leastAt: number;
  readonly foundAt: number;
  readonly length: number;
}

/** Lays out a search among points of `width` numbers. */
export const nearestPlan = (width: number): NearestPlan => {
  const points = Math.min(pointsMax, Math.floor(numbersMax / width));
  const capacity = pointsInBlock * Math.max(1, Math.ceil(points / pointsInBlock));
  const pointsAt = 4 * Math.ceil(width / 4);
  const outAt = pointsAt + capacity * (1 + width);
  const leastAt = outAt + capacity;
  const foundAt = leastAt + blocksMax;
  return { capacity, pointsAt, outAt, leastAt, foundAt, length: foundAt + 2 * nearestMax };
};
