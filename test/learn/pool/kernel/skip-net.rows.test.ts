import { describe, expect, it } from 'vitest';
import { netPlan } from '../../../../src/learn/pool/kernel/net-plan.ts';
import {
  copyRows,
  outputsOfRows,
  rowsLength,
  SkipNet,
} from '../../../../src/learn/pool/kernel/skip-net.ts';

const options = { answer: 'classes', rule: 'rms', rate: 0.05, seed: 2 } as const;

describe('the rows of a net', () => {
  it('say by their length how many outputs they were laid out for', () => {
    for (const outputs of [4, 16, 112, 160])
      expect(outputsOfRows(rowsLength(netPlan(outputs), 7), 7)).toBe(outputs);
    expect(() => outputsOfRows(12_345, 7)).toThrow(RangeError);
  });

  it('are read from a layout with less padding, as earlier versions saved them', () => {
    const shape = { inputCount: 3, outputCount: 130 };
    const net = new SkipNet({ ...shape, ...options });
    const out = new Float64Array(130);
    for (let step = 0; step < 20; step += 1) {
      net.setInputs(Float64Array.of(step / 20, 1, -1));
      net.predict(out);
      net.learn(step, 1);
    }
    const saved = net.save() as { inputCount: number; outputCount: number; rows: Float32Array };
    const [now, earlier] = [netPlan(160), netPlan(144)];
    const rows = new Float32Array(rowsLength(earlier, 3));
    copyRows({ rows: saved.rows, plan: now }, { rows, plan: earlier }, 3);
    expect(rows.length).toBeLessThan(saved.rows.length);
    const restored = new SkipNet({ ...shape, ...options });
    restored.load({ ...shape, rows });
    for (const layer of ['first', 'second', 'output', 'direct'] as const)
      expect(restored.weights(layer)).toEqual(net.weights(layer));
  });
});
