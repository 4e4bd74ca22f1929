import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Latest } from '../../../../src/node/sources/mqtt/to-mqtt.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const start = () => {
  const said: number[] = [];
  const state = { isHeard: true };
  const say = (value: number): boolean => {
    if (state.isHeard) said.push(value);
    return state.isHeard;
  };
  return { said, state, latest: new Latest({ everyMs: 100, say }) };
};

test('the first is said at once, the latest of each interval at its end', () => {
  const { said, latest } = start();
  for (const value of [1, 2, 3]) latest.put(value);
  expect(said).toEqual([1]);
  vi.advanceTimersByTime(100);
  expect(said).toEqual([1, 3]);
  latest.put(4);
  vi.advanceTimersByTime(1_000);
  expect(said).toEqual([1, 3, 4]);
  latest.put(5);
  expect(said).toEqual([1, 3, 4, 5]);
});

test('what nobody heard is said later, and what was said is not said again', () => {
  const { said, state, latest } = start();
  state.isHeard = false;
  for (const value of [1, 2]) latest.put(value);
  vi.advanceTimersByTime(1_000);
  state.isHeard = true;
  for (let k = 0; k < 2; k += 1) latest.flush();
  expect(said).toEqual([2]);
});

test('one that is stopped says nothing by itself', () => {
  const { said, latest } = start();
  for (const value of [1, 2]) latest.put(value);
  latest.stop();
  vi.advanceTimersByTime(1_000);
  expect(said).toEqual([1]);
  latest.flush();
  expect(said).toEqual([1, 2]);
});
