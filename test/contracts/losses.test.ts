import { describe, expect, test } from 'vitest';
import * as activations from '../../src/learn/activations/index.ts';
import type { Loss } from '../../src/learn/loss.ts';
import * as losses from '../../src/learn/losses/index.ts';

const h = Float64Array.of(0.2, 0.7, 0.1);
const targets = [
  [0, 1, 0],
  [0.3, 0.5, 0.2],
].map((y) => ({ y: Float64Array.from(y) }));

const gradientOf = (loss: Loss, at: Float64Array, y: Float64Array): Float64Array => {
  const gradient = new Float64Array(at.length);
  loss.gradient(at, y, gradient);
  return gradient;
};

describe.each(Object.entries(losses))('the loss %s', (name, loss) => {
  test('is exported under its own name', () => {
    expect(loss.name).toBe(name);
  });

  test.each(targets)('has the gradient that a finite difference shows, for $y', ({ y: target }) => {
    const gradient = gradientOf(loss, h, target);
    const step = 1e-6;
    for (let i = 0; i < h.length; i++) {
      const moved = (by: number): number => loss.cost(h.with(i, h[i]! + by), target);
      expect(gradient[i]).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 6);
    }
  });

  test('is never negative for a class, and least where the prediction is the target', () => {
    const y = Float64Array.of(0, 1, 0);
    const near = loss.cost(Float64Array.of(0.01, 0.98, 0.01), y);
    expect(near).toBeGreaterThanOrEqual(0);
    expect(loss.cost(h, y)).toBeGreaterThan(near);
  });

  test('is finite far out', () => {
    const y = Float64Array.of(1, 0, 0);
    if (!loss.fused) {
      const far = Float64Array.of(-1e6, 1e6, 3e6);
      expect(Number.isFinite(loss.cost(far, y))).toBe(true);
      expect(gradientOf(loss, far, y).every(Number.isFinite)).toBe(true);
      return;
    }
    expect(loss.fused.cost(Float64Array.of(-1e4, 1e4, 3e4), y)).toBeGreaterThan(1e4 - 1);
    expect(Number.isFinite(loss.fused.cost(Float64Array.of(-1e4, 1e4, 3e4), y))).toBe(true);
  });

  test('agrees with its fused form: the same J, and δ = h − y', () => {
    const { fused } = loss;
    const activation = activations[(fused?.activation ?? 'identity') as 'identity'];
    const z = Float64Array.of(-0.4, 1.2, 0.3);
    const { y } = targets[0]!;
    const out = new Float64Array(3);
    activation.forward(z, out);
    const delta = gradientOf(loss, out, y);
    activation.backward({ z, h: out }, delta, delta);
    if (!fused) {
      expect(delta).toEqual(gradientOf(loss, out, y));
      return;
    }
    expect(fused.cost(z, y)).toBeCloseTo(loss.cost(out, y), 12);
    for (let i = 0; i < 3; i++) expect(delta[i]).toBeCloseTo(out[i]! - y[i]!, 12);
  });
});
