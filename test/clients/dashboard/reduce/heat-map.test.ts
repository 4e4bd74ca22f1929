import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divergingTable } from '../../../../clients/dashboard/reduce/colour-scale.ts';
import {
  cellAt,
  fieldsLayout,
  heatMapLayout,
  matrixLayout,
  paintHeatMap,
  pictureSide,
  placeOf,
} from '../../../../clients/dashboard/reduce/heat-map.ts';

const table = divergingTable({ negative: [255, 0, 0], zero: [9, 9, 9], positive: [0, 0, 255] });

describe('the layout of a heat map', () => {
  it('shows the first layer as pictures where its input is one', () => {
    expect(heatMapLayout([30, 64], { isFirst: true }).kind).toBe('fields');
    expect(heatMapLayout([30, 64], { isFirst: false }).kind).toBe('matrix');
    expect(heatMapLayout([30, 60], { isFirst: true }).kind).toBe('matrix');
    expect([1, 4, 9, 15, 16, 64, 784].map(pictureSide)).toEqual([0, 0, 0, 0, 4, 8, 28]);
  });

  it('turns a matrix that would be taller than wide', () => {
    expect(matrixLayout([64, 5])).toMatchObject({ width: 64, height: 5, isTurned: true });
    expect(matrixLayout([10, 30])).toMatchObject({ width: 30, height: 10, isTurned: false });
  });

  it('gives every weight a place of its own, and finds the weight again from there', () => {
    const shapes = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(shapes, fc.boolean(), (shape, isFields) => {
        const layout = isFields ? fieldsLayout(shape) : matrixLayout(shape);
        const places = new Set<number>();
        for (let unit = 0; unit < shape[0]; unit += 1) {
          for (let input = 0; input < shape[1]; input += 1) {
            const { x, y } = placeOf({ unit, input }, layout);
            expect(x < layout.width && y < layout.height).toBe(true);
            expect(cellAt({ x, y }, layout)).toEqual({ unit, input });
            places.add(y * layout.width + x);
          }
        }
        expect(places.size).toBe(shape[0] * shape[1]);
      }),
      { numRuns: 60 },
    );
  });

  it('finds no weight in a gap or outside', () => {
    const layout = fieldsLayout([6, 16]);
    expect(cellAt({ x: 4, y: 0 }, layout)).toBeUndefined();
    expect(cellAt({ x: 0, y: 4 }, layout)).toBeUndefined();
    expect(cellAt({ x: -1, y: 0 }, layout)).toBeUndefined();
    expect(cellAt({ x: 900, y: 0 }, layout)).toBeUndefined();
  });
});

describe('painting a heat map', () => {
  const layout = matrixLayout([1, 3]);
  const pixels = new Uint8ClampedArray(layout.width * layout.height * 4);

  it('colours each weight by its sign and size', () => {
    paintHeatMap([-1, 0, 1], layout, { table, limit: 1, pixels });
    expect([...pixels]).toEqual([255, 0, 0, 255, 9, 9, 9, 255, 0, 0, 255, 255]);
  });

  it('leaves a hole where a weight is not finite', () => {
    paintHeatMap([1, Number.NaN, 1], layout, { table, limit: 1, pixels });
    expect([...pixels.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });
});
