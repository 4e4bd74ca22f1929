import { describe, expect, it } from 'vitest';
import { markersOf } from '../../../../clients/dashboard/reduce/event-markers.ts';
import { happenings } from '../../../../clients/dashboard/reduce/happenings.ts';
import { deepest, layerGroups } from '../../../../clients/dashboard/reduce/layer-groups.ts';
import type { ErrorEntry } from '../../../../src/client/index.ts';
import { eventAt } from '../board/frames.ts';

const tensor = (name: string, ...shape: number[]) => ({ name, shape, values: new Float32Array(1) });

describe('layers', () => {
  it('are weights with their biases', () => {
    const tensors = [tensor('l0.W', 3, 2), tensor('l0.b', 3), tensor('l1.W', 1, 3)];
    const [group, ...others] = layerGroups(tensors);
    expect(others).toEqual([]);
    expect(group?.name).toBe('');
    expect(group?.layers.map(({ name, biases }) => [name, biases?.name])).toEqual([
      ['l0', 'l0.b'],
      ['l1', undefined],
    ]);
  });

  it('of a pool are grouped by expert', () => {
    const names = ['fast/l0.W', 'fast/l1.W', 'slow/l0.W'];
    const groups = layerGroups(names.map((name) => tensor(name, 2, 2)));
    expect(groups.map(({ name, layers }) => [name, layers.length])).toEqual([
      ['fast', 2],
      ['slow', 1],
    ]);
    expect(deepest([...groups].reverse())?.name).toBe('fast');
    expect(deepest([])).toBeUndefined();
  });
});

describe('what happened', () => {
  const refused: ErrorEntry = {
    ...{ t: 'errors', sid: 1, seq: 9, at: 1_000_050, index: 12, code: 'value' },
    ...{ message: 'p3 is NaN', suppressed: 2 },
  };

  it('is listed newest first, refused samples among the events', () => {
    const list = happenings([eventAt(10), eventAt(90, 'checkpoint')], [refused]);
    expect(list.map(({ kind }) => kind)).toEqual(['checkpoint', 'rejected', 'drift']);
    expect(list[1]?.text).toBe('Sample 12: p3 is NaN (value, and 2 more before it)');
  });

  it('is marked on the cost: events as lines, samples that were not finite as ticks', () => {
    const curve = { step: Float64Array.of(5, 10), nonFinite: Float64Array.of(0, 3) };
    const markers = markersOf([eventAt(9), eventAt(2)], curve);
    expect(markers.map(({ step, shape }) => [step, shape])).toEqual([
      [2, 'line'],
      [9, 'line'],
      [10, 'tick'],
    ]);
  });
});
