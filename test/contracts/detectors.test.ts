import { describe, expect, test } from 'vitest';
import type { Detector, Verdict } from '../../src/evaluate/detector.ts';
import * as family from '../../src/evaluate/detectors/index.ts';
import { initialRandom, randomUniform } from '../../src/math/random.ts';
import { nonFiniteIn } from '../../src/snapshot/finite-memory.ts';

const bits = (seed: number, rate: number, count: number): number[] => {
  const random = initialRandom(seed);
  return Array.from({ length: count }, () => (randomUniform(random) < rate ? 1 : 0));
};

const verdicts = (detector: Detector, values: readonly number[]): Verdict[] => {
  const memory = detector.initial();
  return values.map((value) => detector.update(memory, value));
};

describe.each(Object.entries(family) as [string, () => Detector][])('%s', (name, make) => {
  test('is exported under its own name', () => {
    expect(make().name).toBe(name);
  });

  test.each([1, 2, 3])('is quiet while nothing changes, seed %s', (seed) => {
    expect(verdicts(make(), bits(seed, 0.2, 1000))).not.toContain('alarm');
  });

  test.each([1, 2, 3])('raises the alarm soon after a jump, seed %s', (seed) => {
    const values = [...bits(seed, 0.2, 500), ...bits(seed + 10, 0.9, 200)];
    const alarm = verdicts(make(), values).indexOf('alarm');
    expect(alarm).toBeGreaterThanOrEqual(500);
    expect(alarm).toBeLessThan(640);
  });

  test('begins anew with an alarm, and sees the next jump as well', () => {
    const jump = [...bits(1, 0.2, 500), ...bits(11, 0.9, 200)];
    const said = verdicts(make(), [...jump, ...jump]);
    expect(said.slice(500, 700)).toContain('alarm');
    expect(said.slice(1200, 1400)).toContain('alarm');
  });

  test('says nothing of a constant', () => {
    for (const value of [0, 0.25, 1]) {
      expect(new Set(verdicts(make(), Array(600).fill(value)))).toEqual(new Set(['stable']));
    }
  });

  test.each([40, 333, 520])('resumes from a memory copied after %s values', (cut) => {
    const values = [...bits(4, 0.2, 500), ...bits(5, 0.9, 300)];
    const detector = make();
    const memory = detector.initial();
    for (const value of values.slice(0, cut)) detector.update(memory, value);
    const copy = structuredClone(memory);
    const rest = values.slice(cut).map((value) => detector.update(copy, value));
    expect(rest).toEqual(verdicts(make(), values).slice(cut));
  });

  test('remembers finite numbers alone, as a checkpoint takes no others', () => {
    const detector = make();
    const memory = detector.initial();
    expect(nonFiniteIn(memory)).toBeUndefined();
    for (const value of [...bits(1, 0.2, 500), ...bits(11, 0.9, 200)]) {
      detector.update(memory, value);
      expect(nonFiniteIn(memory)).toBeUndefined();
    }
  });

  test('two memories share nothing', () => {
    const detector = make();
    const disturbed = detector.initial();
    const values = bits(6, 0.3, 300);
    const memory = detector.initial();
    const said = values.map((value) => {
      detector.update(disturbed, 1 - value);
      return detector.update(memory, value);
    });
    expect(said).toEqual(verdicts(make(), values));
  });
});
