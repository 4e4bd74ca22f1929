import { describe, expect, it } from 'vitest';
import { TargetScaler } from '../../src/learn/target-scaler.ts';

const taught = (targets: readonly number[]): TargetScaler => {
  const scaler = new TargetScaler();
  for (const target of targets) scaler.update(target);
  return scaler;
};

describe('TargetScaler', () => {
  it('standardises by the mean and the deviation so far, and restores', () => {
    const scaler = taught([8, 12, 8, 12]);
    expect(scaler.deviation).toBeCloseTo(2, 1);
    expect(scaler.standardise(10 + scaler.deviation)).toBeCloseTo(1, 12);
    expect(scaler.restore(scaler.standardise(7.3))).toBeCloseTo(7.3, 12);
  });

  it('takes a first target for the mean, and a constant for a deviation of 1', () => {
    expect(new TargetScaler().standardise(1e9)).toBe(0);
    expect(taught([5, 5]).deviation).toBe(1);
    expect(taught([5, 5]).standardise(7)).toBe(2);
  });

  it('moves neither a target nor a prediction further than 8 deviations from the mean', () => {
    const scaler = taught([8, 12, 8, 12]);
    const mean = scaler.restore(0);
    expect(scaler.standardise(1e300)).toBe(8);
    expect(scaler.standardise(-1e300)).toBe(-8);
    expect(scaler.restore(1e9)).toBeCloseTo(mean + 8 * scaler.deviation, 12);
    expect(scaler.restore(-1e9)).toBeCloseTo(mean - 8 * scaler.deviation, 12);
  });

  it('costs half the squared error in the unit of the target, and never infinitely much', () => {
    const scaler = taught([8, 12, 8, 12]);
    expect(scaler.cost(10, 13)).toBe(4.5);
    expect(scaler.cost(0, 1e300)).toBe((1e150 * 1e150) / 2);
    expect(scaler.cost(0, -1e300)).toBe((1e150 * 1e150) / 2);
  });

  it('resumes from a copy that later updates do not change', () => {
    const [one, two] = [taught([8, 12, 9]), new TargetScaler()];
    const memory = one.save();
    one.update(100);
    two.load(memory);
    expect(two.standardise(10)).toBe(taught([8, 12, 9]).standardise(10));
  });
});
