import { describe, expect, test } from 'vitest';
import type { Optimizer, OptimizerMemory } from '../../src/learn/optimizer.ts';
import * as optimizers from '../../src/learn/optimizers/index.ts';

const curvature = [1, 10, 0.1];
const start = [3, -2, 1];

const bowl = (w: Float64Array): number =>
  w.reduce((sum, value, i) => sum + (curvature[i]! * value * value) / 2, 0);

const slopeOf = (w: Float64Array): Float64Array => w.map((value, i) => curvature[i]! * value);

const descend = (
  optimizer: Optimizer,
  state: { memory: OptimizerMemory; w: Float64Array },
  steps: number,
): void => {
  for (let i = 0; i < steps; i++) optimizer.update(state.memory, state.w, slopeOf(state.w));
};

const fresh = (optimizer: Optimizer): { memory: OptimizerMemory; w: Float64Array } => ({
  memory: optimizer.initial(start.length),
  w: Float64Array.from(start),
});

describe.each(Object.entries(optimizers))('the optimizer %s', (name, make) => {
  const optimizer: Optimizer = make({ learningRate: 0.05 });

  test('is exported under its own name', () => {
    expect(optimizer.name).toBe(name);
  });

  test('lowers a bowl', () => {
    const state = fresh(optimizer);
    descend(optimizer, state, 300);
    expect(bowl(state.w)).toBeLessThan(bowl(Float64Array.from(start)) / 2);
  });

  test('moves nothing where the gradient is zero, but for its own weight decay', () => {
    const state = fresh(optimizer);
    optimizer.update(state.memory, state.w, new Float64Array(3));
    const kept = 1 - 0.05 * Number(optimizer.options['weightDecay'] ?? 0);
    expect([...state.w]).toEqual(start.map((value) => value * kept));
  });

  test('resumes from a copied memory as if it had never stopped', () => {
    const through = fresh(optimizer);
    descend(optimizer, through, 40);
    const first = fresh(optimizer);
    descend(optimizer, first, 15);
    const second = { memory: structuredClone(first.memory), w: first.w.slice() };
    descend(make({ learningRate: 0.05 }), second, 25);
    expect(second.w).toEqual(through.w);
    expect(second.memory).toEqual(through.memory);
  });

  test('scales its step by the rate of the schedule', () => {
    const full = fresh(optimizer);
    const half = fresh(optimizer);
    half.memory.rate = 0.5;
    descend(optimizer, full, 1);
    descend(optimizer, half, 1);
    const step = (w: Float64Array, i: number): number => w[i]! - start[i]!;
    for (let i = 0; i < 3; i++) expect(step(half.w, i)).toBeCloseTo(step(full.w, i) / 2, 10);
  });

  test('refuses a learning rate that is not positive', () => {
    expect(() => make({ learningRate: 0 })).toThrow(RangeError);
    expect(() => make({ learningRate: Number.NaN })).toThrow(/learningRate/);
  });
});
