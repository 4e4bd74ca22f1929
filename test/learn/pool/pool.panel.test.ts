import { describe, expect, it } from 'vitest';
import type { Memory } from '../../../src/learn/learner.ts';
import { PoolInputs } from '../../../src/learn/pool/inputs.ts';
import { Panel } from '../../../src/learn/pool/pool.ts';

const sizes = { inputCount: 2, classCount: 3 };

/** A panel of which one expert, a net, has lost its numbers. */
const spoilt = (): Panel => {
  const panel = new Panel(sizes, 1);
  const memory = panel.save();
  const { net } = memory['steady'] as { net: Memory };
  (net['rows'] as Float32Array).fill(Number.NaN);
  panel.load(memory, sizes);
  return panel;
};

const partOf = (panel: Panel, name: string): number[] => {
  const at = 3 * panel.experts.findIndex((expert) => expert.name === name);
  return [...panel.predictions.subarray(at, at + 3)];
};

describe('Panel', () => {
  it('hears nothing from an expert whose numbers are not finite', () => {
    const panel = spoilt();
    panel.predict(new PoolInputs(sizes));
    expect(partOf(panel, 'steady')).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it('lets such an expert begin again, and it learns', () => {
    const panel = spoilt();
    const inputs = new PoolInputs(sizes);
    for (let i = 0; i < 99; i += 1) panel.learn(inputs, { label: 2, value: 0, weight: 1 });
    expect(partOf(panel, 'steady')[2]).toBeGreaterThan(0.5);
  });
});
