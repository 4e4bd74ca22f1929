import { expect, onTestFinished, test, vi } from 'vitest';
import { DurableWait } from '../../../../src/node/sources/mqtt/from-mqtt.ts';

test('what is learned is kept when `kept` is done', async () => {
  expect(await new DurableWait(async () => {}).isDurable()).toBe(true);
});

test('when it is stopped it asks once more, for what was learned last', async () => {
  const kept = vi.fn(async () => {});
  const wait = new DurableWait(kept);
  wait.stop();
  expect(await wait.isDurable()).toBe(true);
  const failing = new DurableWait(async () => {
    throw new Error('the disk is full');
  });
  failing.stop();
  expect(await failing.isDurable()).toBe(false);
});

test('when it is stopped it waits no longer than 5 s, for all callers', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const kept = vi.fn(() => new Promise(() => {}));
  const wait = new DurableWait(kept);
  const settled: boolean[] = [];
  for (let k = 0; k < 2; k += 1) void wait.isDurable().then((isKept) => settled.push(isKept));
  wait.stop();
  await vi.advanceTimersByTimeAsync(4_900);
  expect(settled).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(settled).toEqual([false, false]);
  expect(await wait.isDurable()).toBe(false);
  expect(kept).toHaveBeenCalledTimes(2);
});
