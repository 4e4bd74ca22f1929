import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelOf, MomentsKernel } from '../../src/math/moments-kernel.ts';
import {
  grownMoments,
  moments,
  standardiseInPlace,
  updateMoments,
} from '../../src/math/running.ts';

const value = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constantFrom(Number.NaN, 0, -0, 1e300, -1e300, 3),
);

const vectors = fc.integer({ min: 1, max: 19 }).chain((size) =>
  fc.array(fc.array(value, { minLength: size, maxLength: size }), {
    minLength: 1,
    maxLength: 12,
  }),
);

describe('the moments kernel', () => {
  it('does bit for bit what the readable moments do', () => {
    fc.assert(
      fc.property(vectors, fc.constantFrom(0, 0.01, 0.5), (samples, floor) => {
        const memory = moments(samples[0]!.length);
        const kernel = new MomentsKernel(memory);
        for (const x of samples) {
          const expected = [...x];
          standardiseInPlace(memory, expected, 5);
          updateMoments(memory, x, floor);
          const plain = (z: number): number => z + 0;
          expect(kernel.look(x, 5)!.map(plain)).toEqual(expected.map(plain));
          expect(kernel.take(x, { clip: 5, floor })!.map(plain)).toEqual(expected.map(plain));
          expect(kernel.read()).toEqual(memory);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does so while slots have the same count, where they part, and where some are added and missing', () => {
    const random = fc.sample(fc.double({ min: -9, max: 9, noNaN: true }), {
      numRuns: 600,
      seed: 1,
    });
    let memory = moments(6);
    const kernel = new MomentsKernel(memory);
    for (let step = 0; step < 60; step += 1) {
      const x = random.slice(6 * step, 6 * step + memory.means.length);
      if (step === 20) x[3] = 1e300;
      if (step === 25) x[2] = Number.POSITIVE_INFINITY;
      if (step === 40) x[5] = Number.NaN;
      if (step === 10 || step === 50) {
        memory = grownMoments(memory, memory.means.length + 3);
        kernel.grow(memory.means.length);
      }
      const isTaken = kernel.take(x, { clip: 5, floor: 0.02 }) !== undefined;
      expect(isTaken).toBe(step !== 25);
      if (isTaken) updateMoments(memory, x, 0.02);
      expect(kernel.read()).toEqual(memory);
    }
    expect(new Set(memory.counts)).toEqual(new Set([59, 58, 48, 9]));
  });

  it('takes an outlier for as little as the readable moments do', () => {
    const memory = moments(3);
    const kernel = new MomentsKernel(memory);
    for (let step = 0; step < 80; step += 1) {
      const broken = step % 10 === 9 ? (-1) ** step * 10 ** (step / 2) : 0;
      const x = [Math.sin(step) + broken, Math.cos(step) - broken, 7 + broken];
      updateMoments(memory, x, 0);
      kernel.take(x, { clip: 5, floor: 0 });
      expect(kernel.read()).toEqual(memory);
    }
  });

  it('sees what is infinite, and nothing else, and takes nothing of it', () => {
    const memory = moments(3);
    const kernel = new MomentsKernel(memory);
    for (const [x, expected] of [
      [[1, 2, 3], false],
      [[1, Number.NaN, 1e308], false],
      [[1, 2, Number.NEGATIVE_INFINITY], true],
      [[Number.NaN, Number.POSITIVE_INFINITY, Number.NaN], true],
    ] as const) {
      expect(kernel.look(x, 5) === undefined).toBe(expected);
      expect(kernel.take(x, { clip: 5, floor: 0 }) === undefined).toBe(expected);
    }
  });

  it('leaves the object plain: it can be cloned, replaced and assigned to', () => {
    const memory = moments(2);
    const kernel = kernelOf(memory);
    kernel.take([4, 5], { clip: 5, floor: 0 });
    const copy = structuredClone(memory);
    expect(copy).toEqual({
      counts: Float64Array.of(1, 1),
      means: Float64Array.of(4, 5),
      variances: Float64Array.of(0, 0),
    });
    kernel.grow(5);
    expect(memory.means).toEqual(Float64Array.of(4, 5, 0, 0, 0));
    Object.assign(memory, copy);
    expect(kernelOf(memory)).toBe(kernel);
    expect(kernel.read()).toEqual(copy);
  });
});
