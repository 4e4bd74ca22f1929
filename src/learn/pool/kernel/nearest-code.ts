import type { Block } from '../../../math/wasm/arena.ts';
import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import { program } from '../../../math/wasm/program.ts';
import { F32, type I32 } from '../../../math/wasm/scalars.ts';

/** Points whose least distance is kept together, so that most need not be looked at. */
export const pointsInBlock = 32;

/** Blocks that a search can choose from. */
export const blocksMax = 32;

/** How many points a search finds. */
export const nearestMax = 10;

/** The points nearest to one. Addresses in bytes. */
export interface NearestProgram {
  /**
   * The points p lie in blocks of 32: their |p|², then for each of their numbers 32 floats, one a
   * point. The query is −2q, as many floats as a point has numbers. Writes |p|² − 2q·p of each point
   * to `out`, until `end`, and the least of each block to `least`: |q|² more would be the squared
   * distances. It takes half the additions that differences would.
   */
  measure(
    query: number,
    queryEnd: number,
    points: number,
    out: number,
    end: number,
    least: number,
  ): void;
  /**
   * Writes the nearest points to `found`, in order: four times the index (i32), and what was measured
   * (f32). Of equal ones the first comes first. Follows `measure`, and uses up what it
   * wrote. There are as many leasts as there can be blocks; those of no block are infinite.
   */
  take(out: number, least: number, found: number): void;
}

/** Compiled once: sizes are arguments. */
export const nearestProgram = (block: Block): NearestProgram =>
  program<NearestProgram>(block, 'nearest points', (module) => {
    const measured = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
    module.export(
      'measure',
      { takes: measured },
      (f, [query, queryEnd, points, out, end, least]) => {
        const walk = { query, queryEnd, point: f.keep(points) };
        const leastAt = f.keep(least);
        f.loop({ from: out, to: end, step: 4 * pointsInBlock }, (place) => {
          f.scope(() => {
            const sums = measureBlock(f, walk);
            for (const [i, sum] of sums.entries()) f.store(place, 16 * i, sum);
            f.store(leastAt, 0, f.least(leastOf(sums)));
            f.set(leastAt, leastAt.add(4));
          });
        });
      },
    );
    module.export('take', { takes: ['i32', 'i32', 'i32'] }, (f, [out, least, found]) => {
      f.loop({ from: found, to: found.add(8 * nearestMax), step: 8 }, (place) => {
        f.scope(() => takeOne(f, { out, least, place }));
      });
    });
  });

interface Walk {
  readonly query: I32;
  readonly queryEnd: I32;
  /** Moves on to the next block. */
  readonly point: I32;
}

/** All of a block at once: what is loaded of the query is used eight times, and addresses are few. */
const measureBlock = (f: FunctionBuilder, { query, queryEnd, point }: Walk): F32x4[] => {
  const four = (i: number): F32x4 => F32x4.load(point, 16 * i);
  const sums = Array.from({ length: pointsInBlock / 4 }, (_, i) => f.keep(four(i)));
  const toNext = (): void => f.set(point, point.add(4 * pointsInBlock));
  toNext();
  f.loop({ from: query, to: queryEnd, step: 4 }, (number) => {
    f.scope(() => {
      const value = f.keep(F32x4.loadSplat(number));
      for (const [i, sum] of sums.entries()) f.set(sum, sum.add(value.mul(four(i))));
      toNext();
    });
  });
  return sums;
};

const infinity = F32.of(Number.POSITIVE_INFINITY);

interface Taking {
  readonly out: I32;
  readonly least: I32;
  readonly place: I32;
}

/** The nearest of all blocks: it is written, and then as far away as nothing else is. */
const takeOne = (f: FunctionBuilder, { out, least, place }: Taking): void => {
  const nearest = f.keep(F32x4.splat(f.least(leastOf(thirtyTwo(least)))));
  const leastAt = f.keep(firstOf(least, whereEqual(thirtyTwo(least), nearest)));
  // A block has `pointsInBlock` bytes for each byte of its least distance.
  const block = f.keep(out.add(leastAt.sub(least).mul(pointsInBlock)));
  const fours = thirtyTwo(block).map((four) => f.keep(four));
  const bits = f.keep(whereEqual(fours, nearest));
  const point = f.keep(firstOf(block, bits));
  f.store(place, 0, point.sub(out));
  f.store(place, 4, nearest.lane(0));
  f.store(point, 0, infinity);
  f.store(leastAt, 0, leastOfOthers(f, { fours, nearest, bits }));
};

/** The next point of a block: as near as the nearest, if there are several. */
const leastOfOthers = (
  f: FunctionBuilder,
  { fours, nearest, bits }: { fours: readonly F32x4[]; nearest: F32x4; bits: I32 },
): F32 => {
  // They are not loaded again: a load of four floats waits long for one that was just stored. Those
  // that are equal become NaN, which is never the lesser.
  const others = fours.map((four) => four.or(four.isEqual(nearest)));
  const least = f.keep(f.least(leastOf([F32x4.splat(infinity), ...others])));
  f.if(bits.and(bits.sub(1)), () => f.set(least, nearest.lane(0)));
  return least;
};

/** As many floats as a block has points, and as there are blocks. */
const thirtyTwo = (start: I32): F32x4[] =>
  Array.from({ length: 8 }, (_, v) => F32x4.load(start, 16 * v));

/** A bit for each of 32 floats. All are compared: where a loop would end nobody can predict. */
const whereEqual = (fours: readonly F32x4[], value: F32x4): I32 =>
  fours
    .map((four, v) =>
      four
        .isEqual(value)
        .lanesSet()
        .shiftLeft(4 * v),
    )
    .reduce((all, four) => all.or(four));

/** The address of the first float whose bit is set. */
const firstOf = (start: I32, bits: I32): I32 => start.add(bits.trailingZeros().shiftLeft(2));

const leastOf = (vectors: readonly F32x4[]): F32x4 =>
  vectors.reduce((least, vector) => least.min(vector));
