import { describe, expect, it } from 'vitest';
import { describeLayers } from '../../src/broadcast/describe.ts';
import type { Score } from '../../src/evaluate/evaluation.ts';
import type { TensorReport } from '../../src/learn/inspection.ts';
import type { Learner, Update } from '../../src/learn/learner.ts';
import { Network } from '../../src/learn/network.ts';
import { LayerHealth } from '../../src/snapshot/layer-health.ts';
import { Summary } from '../../src/snapshot/summary.ts';

let step = 0;

const update = (x: readonly number[], y?: readonly number[]): Update => ({
  ...{ step: ++step, prediction: [0], cost: 0 },
  sample: { x, ...(y && { y }) },
});

const updates = (count: number, x = [1, 1]): Update[] =>
  Array.from({ length: count }, () => update(x, [1]));

/** Of four hidden units the first is always on, the second for x[1] > 0, the others never. */
const network = (): Network => {
  const made = new Network({
    sizes: [2, 4, 1],
    activations: ['relu', 'identity'],
    loss: 'halfSquaredError',
  });
  made.setParameters([
    { weights: Float64Array.of(0, 0, 0, 1, 0, 0, 0, 0), biases: Float64Array.of(1, 0, -1, -1) },
    { weights: Float64Array.of(1, 1, 1, 1), biases: Float64Array.of(0) },
  ]);
  return made;
};

/** A look is had once in sixteen times. */
const look = (health: LayerHealth, given: readonly Update[], parameterCount = 13) =>
  Array.from({ length: 16 }, () => health.read(given, parameterCount))[0]!;

const deadOf = (health: LayerHealth, given: readonly Update[]): number | undefined =>
  look(health, given).find(({ name }) => name === 'l0.W')!.deadUnits;

describe('the health of layers', () => {
  it('counts units that were of no use to 200 samples, once 200 have been examined', () => {
    const health = new LayerHealth(network());
    for (let n = 0; n < 24; n += 1) expect(deadOf(health, updates(8))).toBeUndefined();
    expect(deadOf(health, updates(8))).toBe(2);
    for (let n = 0; n < 24; n += 1) expect(deadOf(health, updates(8, [1, -1]))).toBe(2);
    expect(deadOf(health, updates(8, [1, -1]))).toBe(3);
    expect(deadOf(health, updates(1))).toBe(2);
  });

  it('looks once at a sample, at no more than a look may cost, and at none that does not fit', () => {
    const seen: number[] = [];
    const learner = {
      ...{ inputCount: 2, outputCount: 1 },
      inspect(samples: readonly unknown[]): TensorReport[] {
        seen.push(samples.length);
        return [{ name: 'l0.W', gradientNorm: 1 }];
      },
    } as unknown as Learner;
    const health = new LayerHealth(learner);
    expect(look(health, [update([1]), update([1, 2])])).toEqual([]);
    const newest = updates(40);
    look(health, newest);
    look(health, newest);
    look(health, updates(20), 30_000);
    look(health, updates(20), 10_000_000);
    expect(seen).toEqual([32, 2, 1]);
    expect(look(health, [])).toEqual([{ name: 'l0.W', gradientNorm: 1 }]);
  });

  it('goes into the snapshot of samples that were learned since the one before', () => {
    const learner = network();
    const summary = new Summary(learner, { predictions: 0 });
    const read = () => ({ cost: {}, metrics: {}, baseline: {} });
    summary.add({ ...update([1, 1], [5]), read } as unknown as Score);
    const snapshot = summary.snapshot()!;
    // h = (1, 1, 0, 0), output 2, δ = −3.
    expect(snapshot.predictions).toEqual([]);
    expect(snapshot.layers!.at(-1)).toEqual({ name: 'l1.b', gradientNorm: 3 });
    const [first] = describeLayers(snapshot, undefined);
    expect(first).toEqual({ name: 'l0.W', updateRatio: null, gradientNorm: expect.closeTo(6, 6) });
  });

  it('is left out where the learner cannot tell', () => {
    const silent = { inputCount: 2, outputCount: 1 } as unknown as Learner;
    expect(look(new LayerHealth(silent), updates(3))).toEqual([]);
    const tensors = [{ name: 'W', shape: [1], values: Float32Array.of(1) }];
    expect(describeLayers({ tensors } as never, undefined)).toEqual([
      { name: 'W', updateRatio: null },
    ]);
  });
});
