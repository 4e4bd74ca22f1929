import { expect, test } from 'vitest';
import { adwin, ddm, hddmA, kswin, pageHinkley } from '../../src/evaluate/detectors/index.ts';

test.each([
  ['delta of adwin', () => adwin({ delta: 0 })],
  ['clock of adwin', () => adwin({ clock: 0 })],
  ['threshold of pageHinkley', () => pageHinkley({ threshold: 0 })],
  ['delta of pageHinkley', () => pageHinkley({ delta: -1 })],
  ['warmup of ddm', () => ddm({ warmup: 1.5 })],
  ['confidence of hddmA', () => hddmA({ alarmConfidence: 2 })],
  ['recentSize of kswin', () => kswin({ windowSize: 50, recentSize: 26 })],
  ['seed of kswin', () => kswin({ seed: Number.NaN }).initial()],
])('a bad %s is refused', (_, make) => {
  expect(make).toThrow(RangeError);
});

test.each([ddm, hddmA])('a detector of rates says so when it is fed with costs', (make) => {
  const detector = make() as ReturnType<typeof ddm>;
  expect(() => detector.update(detector.initial(), 3.2)).toThrow(/watches rates from 0 to 1/);
});

test('ddm and hddmA warn before they raise the alarm', () => {
  for (const detector of [ddm(), hddmA()] as ReturnType<typeof ddm>[]) {
    const memory = detector.initial();
    const said = new Set<string>();
    for (let i = 0; i < 1000; i += 1) {
      const isMistake = i < 500 ? i % 10 === 0 : i % 3 === 0;
      const verdict = detector.update(memory, isMistake ? 1 : 0);
      said.add(verdict);
      if (verdict === 'alarm') break;
    }
    expect([...said]).toEqual(['stable', 'warning', 'alarm']);
  }
});

test('hddmA sees a fall of the rate with the direction both', () => {
  const fall = (direction: 'rise' | 'both') => {
    const detector = hddmA({ direction });
    const memory = detector.initial();
    return Array.from({ length: 800 }, (_, i) => (i < 400 ? i % 2 : 0)).some(
      (value) => detector.update(memory, value) === 'alarm',
    );
  };
  expect(fall('both')).toBe(true);
  expect(fall('rise')).toBe(false);
});

test.each([
  ['adwin', adwin],
  ['pageHinkley', pageHinkley],
] as const)('%s ignores costs that fall with the direction rise', (_, make) => {
  const alarms = (direction: 'rise' | 'both', values: readonly number[]) => {
    const detector = make({ direction }) as ReturnType<typeof adwin>;
    const memory = detector.initial();
    return values.filter((value) => detector.update(memory, value) === 'alarm').length;
  };
  const high = Array.from({ length: 400 }, (_each, i) => 2 + (i % 3) / 10);
  const low = high.map((value) => value - 1.5);
  expect(alarms('both', [...high, ...low])).toBeGreaterThan(0);
  expect(alarms('rise', [...high, ...low])).toBe(0);
  expect(alarms('rise', [...low, ...high])).toBe(1);
});

test('adwin keeps a long quiet past in few buckets', () => {
  const detector = adwin();
  const memory = detector.initial();
  for (let i = 0; i < 100_000; i += 1) detector.update(memory, i % 2);
  expect(memory.window.width).toBe(100_000);
  expect(memory.window.totals.flat().length).toBeLessThan(100);
});
