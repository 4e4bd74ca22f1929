import { expect, test } from 'vitest';
import { atEndOfBurst, burst } from '../../src/stream/burst.ts';

test('outside of a burst nothing can wait for its end', () => {
  const log: string[] = [];
  expect(atEndOfBurst(() => log.push('end'))).toBe(false);
  burst(() => log.push('burst'));
  expect(log).toEqual(['burst']);
});

test('what waits is done once, at the end of the burst, before it returns', () => {
  const log: string[] = [];
  const task = (): void => void log.push('task');
  burst(() => {
    expect(atEndOfBurst(task)).toBe(true);
    expect(atEndOfBurst(task)).toBe(true);
    log.push('burst');
  });
  log.push('after');
  expect(log).toEqual(['burst', 'task', 'after']);
});

test('a burst within another is a part of it', () => {
  const log: string[] = [];
  burst(() => {
    burst(() => {
      atEndOfBurst(() => log.push('task'));
      log.push('inner');
    });
    log.push('outer');
  });
  expect(log).toEqual(['inner', 'outer', 'task']);
});

test('a burst that fails is over like any other', () => {
  const log: string[] = [];
  const failing = (): void =>
    burst(() => {
      atEndOfBurst(() => log.push('task'));
      throw new Error('broken');
    });
  expect(failing).toThrow('broken');
  expect(log).toEqual(['task']);
  expect(atEndOfBurst(() => {})).toBe(false);
});
