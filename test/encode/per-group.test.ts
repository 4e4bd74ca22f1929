import { expect, test } from 'vitest';
import { lags } from '../../src/encode/lags.ts';
import { perGroup } from '../../src/encode/per-group.ts';
import type { Example } from '../../src/sources/example.ts';
import { run } from '../../src/stream/run.ts';
import { freshForEachSubscriber, operatorCases } from '../contracts/operator-cases.ts';

const heat = (device: unknown, value: number): Example => ({ features: { device, heat: value } });
const part = (groupsMax = 1_000) => perGroup(lags({ of: 'heat' }), { by: 'device', groupsMax });

const groupCase = {
  make: () => run(part()),
  values: [heat('a', 1), heat('b', 2), heat('a', 3)],
  expected: [null, null, 1],
  show: ({ features }: Example) => features['heat:lag1'],
} as const;
operatorCases<Example, Example>('perGroup', groupCase);
freshForEachSubscriber<Example, Example>('perGroup', groupCase);

const lagsOf = (groupsMax: number, examples: readonly Example[]): unknown[] => {
  const grouped = part(groupsMax);
  const memory = grouped.initial();
  return examples.map((example) => grouped.update(memory, example).features['heat:lag1']);
};

test('examples without the feature are a group too', () => {
  expect(lagsOf(9, [heat(null, 1), heat('a', 2), heat(undefined, 3)])).toEqual([null, null, 1]);
});

test('of too many groups the first begins anew', () => {
  const examples = ['a', 'b', 'c', 'b', 'a'].map((device, i) => heat(device, i));
  expect(lagsOf(2, examples)).toEqual([null, null, null, 1, null]);
});

test('memory is bounded, whatever groups come', () => {
  const grouped = part(10);
  const memory = grouped.initial();
  for (let i = 0; i < 1_000; i += 1) grouped.update(memory, heat(`device ${i}`, i));
  expect(memory.ring).toHaveLength(10);
});

test('apply changes nothing, and a saved memory resumes as the memory does', () => {
  const grouped = part();
  const memory = grouped.initial();
  for (const device of ['a', 'b', '__proto__']) grouped.update(memory, heat(device, 5));
  const saved = JSON.parse(JSON.stringify(memory));
  const asked = ['a', '__proto__', 'new'].map((device) => grouped.apply(memory, heat(device, 6)));
  expect(memory).toEqual(saved);
  for (const [i, device] of ['a', '__proto__', 'new'].entries())
    expect(grouped.update(saved, heat(device, 6))).toEqual(asked[i]);
});

test('misuse is refused', () => {
  expect(() => perGroup(lags({ of: 'a' }), { by: 3 as unknown as string })).toThrow(TypeError);
  expect(() => perGroup(lags({ of: 'a' }), { by: 'b', groupsMax: 0 })).toThrow(RangeError);
});
