import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrowingMatrix } from '../../src/math/growing-matrix.ts';

describe('GrowingMatrix', () => {
  it('keeps every number in its row and column, and adds zeros', () => {
    const growths = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })), { maxLength: 20 });
    fc.assert(
      fc.property(growths, (steps) => {
        const matrix = new GrowingMatrix(Float64Array, 1, 1);
        let plain: number[][] = [[0]];
        for (const [rows, columns] of steps) {
          const width = plain[0]!.length + columns;
          const height = plain.length + rows;
          plain = Array.from({ length: height }, (_, r) =>
            Array.from({ length: width }, (_none, c) => plain[r]?.[c] ?? 0),
          );
          matrix.grow(height, width);
          expect(matrix.rows().map((row) => [...row])).toEqual(plain);
          plain[height - 1]![width - 1] = height * width;
          matrix.row(height - 1)[width - 1] = height * width;
        }
        expect([...matrix.packed()]).toEqual(plain.flat());
        const copy = new GrowingMatrix(Float64Array, matrix.rowCount, matrix.columnCount);
        copy.setPacked(matrix.packed());
        expect(copy.rows()).toEqual(matrix.rows());
      }),
      { numRuns: 50 },
    );
  });

  it('makes new arrays rarely when it grows one by one', () => {
    const matrix = new GrowingMatrix(Float32Array, 1, 1);
    const arrays = new Set([matrix.values]);
    for (let size = 2; size <= 500; size += 1) {
      matrix.grow(size, size);
      arrays.add(matrix.values);
    }
    expect(arrays.size).toBeLessThan(40);
  });
});
