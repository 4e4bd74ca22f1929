import { expect, test } from 'vitest';
import { NumberMixer } from '../../../src/learn/mixing/number-mixer.ts';
import { initialRandom, randomNormal } from '../../../src/math/random.ts';

/** The mean squared error of the last half of what a mixer of two experts predicts. */
const errorOf = (
  mixer: NumberMixer,
  experts: (truth: number) => readonly [number, number],
  count = 2_000,
): number => {
  const random = initialRandom(3);
  const out = new Float64Array(1);
  let error = 0;
  for (let i = 0; i < count; i += 1) {
    const truth = randomNormal(random);
    const predictions = Float64Array.from(experts(truth));
    mixer.mix(predictions, out);
    if (i >= count / 2) error += (2 * (out[0]! - truth) ** 2) / count;
    mixer.update(predictions, truth, 1);
  }
  return error;
};

test('one expert corrects another: the factors of least squares may be negative', () => {
  // truth = 2 a − b: no mean of the two comes near it.
  const noise = initialRandom(9);
  const error = errorOf(new NumberMixer(2), (truth) => {
    const common = randomNormal(noise);
    return [truth + common, truth + 2 * common];
  });
  expect(error).toBeLessThan(0.02);
});

test('a sample with a larger weight moves the factors more', () => {
  const predictions = Float64Array.of(1, 1);
  const out = new Float64Array(1);
  const factorsAfter = (weight: number): number => {
    const mixer = new NumberMixer(2);
    for (let i = 0; i < 4; i += 1) {
      mixer.mix(predictions, out);
      mixer.update(predictions, 2, weight);
    }
    return (mixer.save()['factors'] as Float64Array)[0]!;
  };
  expect(factorsAfter(8)).toBeGreaterThan(factorsAfter(0.1) + 0.05);
  expect(factorsAfter(0)).toBe(0.5);
});

test('the shares follow the recent errors: the better of two experts is trusted, and soon the other', () => {
  const mixer = new NumberMixer(2);
  const out = new Float64Array(1);
  const shareAfter = (predictions: readonly number[]): number => {
    const both = Float64Array.from(predictions);
    for (let i = 0; i < 200; i += 1) {
      mixer.mix(both, out);
      mixer.update(both, 0, 1);
    }
    return mixer.shares()[0]!;
  };
  expect(mixer.shares()).toEqual(Float64Array.of(0.5, 0.5));
  expect(shareAfter([0.1, 1])).toBeGreaterThan(0.98);
  expect(shareAfter([1, 0.1])).toBeLessThan(0.02);
});
