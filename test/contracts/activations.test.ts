import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/learn/activation.ts';
import * as activations from '../../src/learn/activations/index.ts';

const z = Float64Array.of(-2.3, -0.4, 0.7, 1.9);
const direction = Float64Array.of(0.3, -1.1, 0.8, 0.5);

const forward = (activation: Activation, sums: Float64Array): Float64Array => {
  const h = new Float64Array(sums.length);
  activation.forward(sums, h);
  return h;
};

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe.each(Object.entries(activations))('the activation %s', (name, activation) => {
  test('is exported under its own name', () => {
    expect(activation.name).toBe(name);
  });

  test('has the slope that a finite difference shows', () => {
    const h = forward(activation, z);
    const slope = new Float64Array(z.length);
    activation.backward({ z, h }, direction, slope);
    const step = 1e-6;
    for (let i = 0; i < z.length; i++) {
      const moved = (by: number): number =>
        dot(forward(activation, z.with(i, z[i]! + by)), direction);
      expect(slope[i]).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 7);
    }
  });

  test('is finite far out, and so is its slope', () => {
    const far = Float64Array.of(-1e4, -800, 800, 1e4);
    const h = forward(activation, far);
    const slope = new Float64Array(far.length);
    activation.backward({ z: far, h }, direction, slope);
    expect([...h, ...slope].every(Number.isFinite)).toBe(true);
  });

  test('works in place', () => {
    const inPlace = z.slice();
    activation.forward(inPlace, inPlace);
    expect(inPlace).toEqual(forward(activation, z));
    const gradient = direction.slice();
    const apart = new Float64Array(z.length);
    activation.backward({ z, h: inPlace }, direction, apart);
    activation.backward({ z, h: inPlace }, gradient, gradient);
    expect(gradient).toEqual(apart);
  });

  test('does not hide a NaN', () => {
    expect([...forward(activation, Float64Array.of(Number.NaN, 1))].some(Number.isNaN)).toBe(true);
  });
});
