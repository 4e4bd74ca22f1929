import { expect, test } from 'vitest';
import { atEndOfBurst } from '../../src/stream/burst.ts';
import { emitPaced } from '../../src/stream/emit-paced.ts';
import { Governor } from '../../src/stream/governor.ts';
import { Pacer } from '../../src/stream/pacer.ts';

const values = Array.from({ length: 1_000 }, (_, i) => i);

/** Takes a number of values, and counts the bursts. */
class Counter {
  readonly taken: number[] = [];
  bursts = 0;
  readonly #wanted: number;
  readonly #end = (): void => {
    this.bursts += 1;
  };

  constructor(wanted = Number.POSITIVE_INFINITY) {
    this.#wanted = wanted;
  }

  get closed(): boolean {
    return this.taken.length >= this.#wanted;
  }

  next(value: number): void {
    this.taken.push(value);
    expect(atEndOfBurst(this.#end)).toBe(true);
  }
}

test('all values come in order, many in a burst', async () => {
  const counter = new Counter();
  expect(await emitPaced(values, new Pacer(), counter)).toBe(1_000);
  expect(counter.taken).toEqual(values);
  expect(counter.bursts).toBeLessThan(500);
});

test('it ends where no more are wanted, and says how many were given', async () => {
  const counter = new Counter(7);
  expect(await emitPaced(values, new Pacer(), counter)).toBe(7);
  expect(counter.taken).toHaveLength(7);
  expect(await emitPaced(values, new Pacer(), counter)).toBe(0);
});

test('no values are no burst', async () => {
  expect(await emitPaced([], new Pacer(), new Counter())).toBe(0);
});

test('a rate holds them back', async () => {
  let now = 0;
  const pacer = new Pacer({ rate: 100, now: () => now });
  const counter = new Counter();
  const given = emitPaced(values.slice(0, 3), pacer, counter);
  expect(counter.taken).toEqual([0]);
  now = 1_000;
  expect(await given).toBe(3);
});

test('a pause is kept in the middle of a burst too', async () => {
  const governor = new Governor();
  const pacer = new Pacer({ governor });
  const taken: number[] = [];
  const taker = {
    closed: false,
    next(value: number): void {
      expect(governor.isPaused).toBe(false);
      taken.push(value);
      if (value % 300 === 299) setTimeout(governor.hold(), 1);
    },
  };
  expect(await emitPaced(values, pacer, taker)).toBe(1_000);
  expect(taken).toEqual(values);
  pacer.stop();
});
