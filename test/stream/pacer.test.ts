import { expect, test } from 'vitest';
import { Pacer } from '../../src/stream/pacer.ts';

/** Takes values for a while of pretended time, each costing `costMs`; returns when they passed. */
const takeFor = async (
  durationMs: number,
  { rate, costMs }: { rate?: number; costMs: number },
): Promise<number[]> => {
  let nowMs = 0;
  // Every look at the clock while waiting moves it, since real timers are not what is tested.
  const pacer = new Pacer({ ...(rate === undefined ? {} : { rate }), now: () => nowMs });
  const passed: number[] = [];
  while (nowMs < durationMs) {
    if (pacer.isDue()) {
      const waited = pacer.pass();
      const timer = setInterval(() => {
        nowMs += 0.5;
      }, 0);
      await waited;
      clearInterval(timer);
    }
    passed.push(nowMs);
    nowMs += costMs;
  }
  return passed;
};

test('a rate is kept without drift', async () => {
  const passed = await takeFor(400, { rate: 250, costMs: 0.1 });
  expect(Math.abs(passed.length - 100)).toBeLessThanOrEqual(2);
  passed.forEach((ms, index) => {
    expect(ms).toBeGreaterThanOrEqual(index * 4 - 1e-6);
  });
});

test('a rate that cannot be met is as fast as it goes', async () => {
  const passed = await takeFor(100, { rate: 1000, costMs: 5 });
  expect(passed.length).toBeGreaterThan(15);
});

test('a backlog of more than a second is forgotten', async () => {
  let nowMs = 0;
  const pacer = new Pacer({ rate: 10, sliceMs: 1e9, now: () => nowMs });
  pacer.isDue();
  nowMs = 60_000;
  let burst = 0;
  for (let i = 0; i < 100; i += 1) if (!pacer.isDue()) burst += 1;
  expect(burst).toBeGreaterThan(0);
  expect(burst).toBeLessThanOrEqual(11);
  pacer.stop();
});

test('asks for a break after a slice, also when values become dear', () => {
  let nowMs = 0;
  const pacer = new Pacer({ sliceMs: 4, now: () => nowMs });
  let values = 0;
  while (!pacer.isDue()) {
    nowMs += 0.001;
    values += 1;
  }
  expect(nowMs).toBeGreaterThanOrEqual(4);
  expect(nowMs).toBeLessThan(5);
  expect(values).toBeGreaterThan(3900);
});

test('stopping ends a wait at once', async () => {
  const pacer = new Pacer({ rate: 1e-6 });
  expect(pacer.isDue()).toBe(false);
  expect(pacer.isDue()).toBe(true);
  const waiting = pacer.pass();
  pacer.stop();
  await waiting;
});

test.each([0, -1, Number.NaN])('a rate of %d is refused', (rate) => {
  expect(() => new Pacer({ rate })).toThrow(RangeError);
});
