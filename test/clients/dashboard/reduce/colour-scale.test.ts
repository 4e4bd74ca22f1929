import { describe, expect, it } from 'vitest';
import {
  type Colour,
  colourLimit,
  divergingTable,
  SHADES,
  shadeOf,
} from '../../../../clients/dashboard/reduce/colour-scale.ts';

const colours = {
  negative: [194, 87, 12],
  zero: [247, 247, 245],
  positive: [11, 94, 153],
} as const;

function colourOf(table: Uint8Array, shade: number): Colour {
  return [...table.subarray(shade * 3, shade * 3 + 3)] as unknown as Colour;
}

describe('the diverging colour table', () => {
  const table = divergingTable(colours);

  it('has the three given colours at its ends and in its middle', () => {
    expect(colourOf(table, 0)).toEqual(colours.negative);
    expect(colourOf(table, (SHADES - 1) / 2)).toEqual(colours.zero);
    expect(colourOf(table, SHADES - 1)).toEqual(colours.positive);
  });

  it('darkens steadily from the middle to either end', () => {
    const lightness = Array.from({ length: SHADES }, (_, shade) =>
      colourOf(table, shade).reduce((sum, channel) => sum + channel, 0),
    );
    const middle = (SHADES - 1) / 2;
    for (let shade = 1; shade < SHADES; shade += 1) {
      const [from, to] = [lightness[shade - 1] ?? 0, lightness[shade] ?? 0];
      if (shade <= middle) expect(to).toBeGreaterThanOrEqual(from);
      else expect(to).toBeLessThanOrEqual(from);
    }
  });
});

describe('the shade of a value', () => {
  it('is the middle one for zero and the last ones for the limit and beyond', () => {
    expect(shadeOf(0, 2)).toBe((SHADES - 1) / 2);
    expect([-9, -2, 2, 9].map((value) => shadeOf(value, 2))).toEqual([
      0,
      0,
      SHADES - 1,
      SHADES - 1,
    ]);
  });

  it('is the middle one where there is no limit', () => {
    expect(shadeOf(3, 0)).toBe((SHADES - 1) / 2);
  });
});

describe('the colour limit', () => {
  it('is a rounded number above nearly all magnitudes', () => {
    expect(colourLimit([0.1, -0.13, 0.02])).toBe(0.15);
    expect(colourLimit([3, -4.9])).toBe(5);
    expect(colourLimit([0.0072])).toBe(0.008);
  });

  it('is not carried away by one large weight among many', () => {
    const values = Array.from({ length: 1_000 }, () => 0.4);
    expect(colourLimit([...values, 90])).toBe(0.4);
  });

  it('is one for zeros, for nothing, and looks past what is not finite', () => {
    expect(colourLimit([0, 0])).toBe(1);
    expect(colourLimit([])).toBe(1);
    expect(colourLimit([Number.NaN, Infinity, 2])).toBe(2);
  });
});
