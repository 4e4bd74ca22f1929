import { expect, onTestFinished, test, vi } from 'vitest';
import { DurableWait } from '../../../../src/node/sources/mqtt/from-mqtt.ts';

test('what is learned is kept when `kept` is done', async () => {
  expect(await new DurableWait(async () => {}).isDurable()).toBe(true);
});

test('a keeper that is stopped asks once more, for what was learned last', async () => {
  const kept = vi.fn(async () => {});
  const keeper = new DurableWait(kept);
  keeper.stop();
  expect(await keeper.isDurable()).toBe(true);
  const failing = new DurableWait(async () => {
    throw new Error('the disk is full');
  });
  failing.stop();
  expect(await failing.isDurable()).toBe(false);
});

test('a keeper that is stopped waits no longer than 5 s, for as many as wait', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const kept = vi.fn(() => new Promise(() => {}));
  const keeper = new DurableWait(kept);
  const settled: boolean[] = [];
  for (let k = 0; k < 2; k += 1) void keeper.isDurable().then((isKept) => settled.push(isKept));
  keeper.stop();
  await vi.advanceTimersByTimeAsync(4_900);
  expect(settled).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(settled).toEqual([false, false]);
  expect(await keeper.isDurable()).toBe(false);
  expect(kept).toHaveBeenCalledTimes(2);
});
