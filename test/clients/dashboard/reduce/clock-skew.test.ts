import { describe, expect, it } from 'vitest';
import { ClockSkew } from '../../../../clients/dashboard/reduce/clock-skew.ts';

describe('the age of what is seen', () => {
  it('is the time since the stamp where both clocks agree', () => {
    const skew = new ClockSkew();
    skew.note(1_000, 1_030);
    expect(skew.age(1_000, 1_100)).toBe(100);
  });

  it('is never negative when the server’s clock is ahead', () => {
    const skew = new ClockSkew();
    skew.note(5_000, 1_000);
    expect(skew.age(5_000, 1_000)).toBe(0);
    expect(skew.age(5_000, 1_250)).toBe(250);
  });

  it('is not hours long when the server’s clock is hours behind', () => {
    const skew = new ClockSkew();
    skew.note(0, 7_200_000);
    expect(skew.age(1_000, 7_201_400)).toBe(400);
  });
});
