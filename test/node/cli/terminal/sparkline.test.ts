import { describe, expect, it } from 'vitest';
import { shareBar, sparkline } from '../../../../src/node/cli/terminal/sparkline.ts';

describe('the sparkline', () => {
  it('goes from the lowest bar to the highest', () => {
    expect(sparkline([1, 2, 3, 4])).toBe('▁▃▆█');
  });

  it('is logarithmic where numbers are far apart, so that a cost falls to the end', () => {
    expect(sparkline([1, 0.1, 0.01, 0.001])).toBe('█▆▃▁');
  });

  it('is flat for equal numbers and empty for none', () => {
    expect(sparkline([5, 5, 5])).toBe('▁▁▁');
    expect(sparkline([])).toBe('');
  });

  it('marks what is not finite', () => {
    expect(sparkline([0, Number.NaN, 1])).toBe('▁×█');
    expect(sparkline([Number.NaN])).toBe('×');
  });
});

it('draws a share as a bar of a given width', () => {
  expect([0, 0.5, 1, 7, Number.NaN].map((share) => shareBar(share, 4))).toEqual([
    '░░░░',
    '██░░',
    '████',
    '████',
    '░░░░',
  ]);
});
