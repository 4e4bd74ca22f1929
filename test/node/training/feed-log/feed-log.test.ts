import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FeedLog } from '../../../../src/node/training/feed-log/feed-log.ts';
import { contentOf, type LoggedBatch } from '../../../../src/node/training/feed-log/frame.ts';

const newFolder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'rivulet-feed-log-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
};

const content = (batch: number) => ({
  samples: [
    { x: [batch, Number.NaN, -0], y: [1] },
    { features: { a: batch }, target: 'ü' },
  ],
  origin: { producer: 'p', upTo: 2 * batch },
});

const append = (log: FeedLog, from: number, to: number): void => {
  for (let batch = from; batch <= to; batch += 1) {
    log.append({ batch, examples: 10 * batch }, content(batch));
  }
};

const numbersOf = (batches: readonly LoggedBatch[]): number[] => batches.map(({ batch }) => batch);

test.each([false, true])(
  'what was appended is read again, to the bit (synced: %s)',
  async (isSynced) => {
    const path = newFolder();
    const log = new FeedLog(path, { isSynced });
    append(log, 1, 2);
    log.cut();
    append(log, 3, 3);
    await log.synced();
    const { batches, missing } = new FeedLog(path).read(0);
    expect(batches.map(({ batch, examples }) => [batch, examples])).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect(batches.map(contentOf)).toEqual([1, 2, 3].map(content));
    expect(missing).toEqual([]);
    expect(numbersOf(new FeedLog(path).read(1).batches)).toEqual([2, 3]);
  },
);

test('a segment goes when a checkpoint contains all of it, and not before', () => {
  const path = newFolder();
  const log = new FeedLog(path);
  append(log, 1, 2);
  log.cut();
  append(log, 3, 4);
  log.cut();
  append(log, 5, 5);
  log.drop(3);
  expect(numbersOf(new FeedLog(path).read(0).batches)).toEqual([3, 4, 5]);
  log.drop(5);
  // The open one stays.
  expect(numbersOf(new FeedLog(path).read(0).batches)).toEqual([5]);
  log.cut();
  log.drop(5);
  expect(readdirSync(path)).toEqual([]);
  expect(log.bytes).toBe(0);
});

test('a log that was cut off anywhere has all whole batches before that', () => {
  const path = newFolder();
  append(new FeedLog(path), 1, 3);
  const [name] = readdirSync(path);
  const whole = readFileSync(join(path, name!));
  const size = whole.length / 3;
  for (let length = 0; length <= whole.length; length += 1) {
    writeFileSync(join(path, name!), whole.subarray(0, length));
    const { batches } = new FeedLog(path).read(0);
    expect(numbersOf(batches)).toEqual([1, 2, 3].slice(0, Math.floor(length / size)));
  }
});

test('a log that continues after a torn batch is read further, and a lost batch is reported', () => {
  const path = newFolder();
  const first = new FeedLog(path);
  append(first, 1, 3);
  const [name] = readdirSync(path);
  const whole = readFileSync(join(path, name!));
  copyFileSync(join(path, name!), join(path, 'other'));
  whole[whole.length - 1]! ^= 1;
  writeFileSync(join(path, name!), whole);
  const second = new FeedLog(path);
  expect(numbersOf(second.read(0).batches)).toEqual([1, 2]);
  append(second, 3, 4);
  expect(new FeedLog(path).read(0)).toMatchObject({ missing: [], batches: { length: 4 } });
  const third = new FeedLog(path);
  third.read(0);
  append(third, 7, 7);
  expect(new FeedLog(path).read(0).missing).toEqual([
    'the log of fed samples has lost the batches 5 to 6',
  ]);
});
