import { from } from 'rxjs';
import { expect, test } from 'vitest';
import { adwin } from '../../../src/evaluate/detectors/adwin.ts';
import { Pipeline } from '../../../src/pipeline.ts';
import type { StreamEvent } from '../../../src/snapshot/snapshot.ts';

/** The samples at which a detector alarms while the value goes from one level to another. */
const alarms = (
  direction: 'both' | 'rise',
  [before, after]: readonly [number, number],
): number[] => {
  const detector = adwin({ direction });
  const memory = detector.initial();
  const wave = (i: number): number => (i < 500 ? before : after) + 0.1 * Math.sin(i * 12.9898);
  return Array.from({ length: 1000 }, (_, i) => i).filter(
    (i) => detector.update(memory, wave(i)) === 'alarm',
  );
};

test('ADWIN tells of a rise and of a fall, and of a rise alone where that is wanted', () => {
  expect(alarms('both', [0, 1]).length).toBeGreaterThan(0);
  expect(alarms('both', [1, 0]).length).toBeGreaterThan(0);
  expect(alarms('rise', [0, 1])).toEqual(alarms('both', [0, 1]));
  expect(alarms('rise', [1, 0])).toEqual([]);
});

test.each([
  ['as the very first value', 0],
  ['among the first values', 5],
  ['later', 300],
])('an outlier %s hides no later change, of any size', (_when, at) => {
  for (const outlier of [5e29, 1e12, 1e4]) {
    for (const scale of [1, 1e6]) {
      const detector = adwin();
      const memory = detector.initial();
      const valueAt = (i: number): number => {
        if (i === at) return outlier * scale;
        return scale * ((i < 2000 ? 0.5 : 1.5) + 0.1 * Math.sin(i * 12.9898));
      };
      const alarms = Array.from({ length: 4000 }, (_, i) => i).filter(
        (i) => detector.update(memory, valueAt(i)) === 'alarm',
      );
      expect(alarms.some((i) => i >= 2000 && i < 2200)).toBe(true);
    }
  }
});

test('the default detector of a pipeline sees a drift after a target at the end of the range', () => {
  const events: StreamEvent[] = [];
  const pipeline = new Pipeline({
    task: 'regression',
    learner: {
      ...{ inputCount: 1, outputCount: 1, save: () => ({}), load() {}, grow() {} },
      predict: () => Float64Array.of(0),
      learn: (_x, y) => y[0]! ** 2 / 2,
    },
    audience: { publish() {}, event: (event) => events.push(event), reject() {} },
  });
  const targetAt = (i: number): number => (i < 2000 ? 1 : 2) + 0.1 * Math.sin(i * 12.9898);
  const rows = Array.from({ length: 4000 }, (_, i) => ({
    features: { a: 1 },
    target: i === 5 ? 1e15 : targetAt(i),
  }));
  pipeline.run(from(rows)).subscribe();
  const steps = events.filter(({ kind }) => kind === 'drift').map(({ step }) => step);
  expect(steps.some((step) => step > 2000 && step < 2200)).toBe(true);
});

test('a memory of before, which lets no values wait, is continued', () => {
  const detector = adwin();
  const { first: _, ...before } = detector.initial();
  for (let i = 0; i < 400; i += 1) detector.update(before, i < 200 ? 0 : 1);
  expect(before.seen).toBeLessThan(400);
});
