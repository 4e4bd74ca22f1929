import { expect, test } from 'vitest';
import { adwin } from '../../../src/evaluate/detectors/adwin.ts';

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
