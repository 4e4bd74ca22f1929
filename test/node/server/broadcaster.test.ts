import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { broadcaster } from '../../../src/node/server/broadcaster.ts';

const block = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

test('to ask for the lag does not end the measure of the delay', async () => {
  const shown = broadcaster({ lag: () => 3, dropped: () => 4 });
  await sleep(100);
  block(500);
  await sleep(100);
  expect(shown.gauges.lag).toBe(3);
  expect(shown.gauges.dropped).toBe(4);
  expect(shown.gauges.eventLoopDelay).toBeGreaterThan(10);
});

test('an event loop with nothing to do is not late', async () => {
  const shown = broadcaster();
  await sleep(300);
  const delay = () => shown.gauges.eventLoopDelay;
  await expect.poll(delay, { interval: 300, timeout: 10_000 }).toBeLessThan(10);
});
