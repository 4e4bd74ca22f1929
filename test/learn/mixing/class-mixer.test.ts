import { describe, expect, it } from 'vitest';
import { ClassMixer } from '../../../src/learn/mixing/class-mixer.ts';

/** Of a good expert, and of a bad one. */
const predictions = Float64Array.of(0.8, 0.2, 0.3, 0.7);

const taught = (truths: readonly number[]): ClassMixer => {
  const mixer = new ClassMixer(2);
  const out = new Float64Array(2);
  for (const truth of truths) {
    mixer.mix(predictions, out);
    mixer.update(predictions, truth, 1);
  }
  return mixer;
};

describe('ClassMixer', () => {
  it('follows Bayes with a fixed share', () => {
    const [first] = taught([0]).shares();
    expect(first).toBeCloseTo((0.99 * 0.8) / 1.1 + 0.005, 12);
  });

  it('turns to the other within a few samples', () => {
    const zeros = new Array<number>(500).fill(0);
    expect(taught(zeros).shares()[0]).toBeGreaterThan(0.98);
    expect(taught([...zeros, 1, 1, 1, 1, 1, 1]).shares()[1]).toBeGreaterThan(0.9);
  });

  it('trusts the way of mixing that predicts better: experts that agree sharpen each other', () => {
    const mixer = new ClassMixer(3);
    const agreed = Float64Array.of(0.7, 0.3, 0.7, 0.3, 0.7, 0.3);
    const out = new Float64Array(2);
    for (let i = 0; i < 500; i += 1) {
      mixer.mix(agreed, out);
      mixer.update(agreed, 0, 1);
    }
    // The mean alone stays at 0.7, and equal trust in both ways at 0.81.
    expect(out[0]).toBeGreaterThan(0.88);
  });

  it('learns its exponents in proportion to the weight of the sample', () => {
    const moved = (weight: number): number => {
      const mixer = new ClassMixer(2);
      mixer.mix(predictions, new Float64Array(2));
      mixer.update(predictions, 0, weight);
      return (mixer.save()['exponents'] as Float64Array)[0]! - 0.5;
    };
    expect(moved(1)).toBeGreaterThan(0);
    expect(moved(4)).toBeCloseTo(4 * moved(1), 12);
  });

  it('gives probabilities that sum to 1, also from experts that rule a class out', () => {
    const mixer = new ClassMixer(2);
    const out = new Float64Array(2);
    const sure = Float64Array.of(1, 0, 0, 1);
    for (const truth of [0, 1, 1, 0]) {
      mixer.mix(sure, out);
      expect(out[0]! + out[1]!).toBeCloseTo(1, 12);
      mixer.update(sure, truth, 2.5);
    }
    expect([...mixer.shares()].every(Number.isFinite)).toBe(true);
  });
});
