import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Busy, type FeedOutcome } from '../../../../src/broadcast/model.ts';
import { FeedLog } from '../../../../src/node/training/feed-log/feed-log.ts';
import { LoggedModel } from '../../../../src/node/training/feed-log/logged-model.ts';
import { ToyModel } from '../../../broadcast/toy-model.ts';
import { eventually } from '../../../eventually.ts';

const samples = [{ x: [1], y: [1] }];
const origin = { producer: 'p', upTo: 7 };

/** A logged model, whose checkpoints are settled by hand. */
const logged = (options: { bytesMax?: number; hasCheckpoint?: boolean } = {}) => {
  const path = mkdtempSync(join(tmpdir(), 'rivulet-logged-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const log = new FeedLog(path);
  const told: string[] = [];
  const checkpoints: { written(): void; failed(): void }[] = [];
  let batch = 0;
  const inner = {
    producers: new Map<string, number>(),
    predict: () => ({ y: [], step: batch }),
    ask: () => ({ y: [], contributions: [], named: [], step: batch }),
    feed: (): FeedOutcome => {
      batch += 1;
      return { step: batch, rejected: [], mark: { batch, examples: 0 } };
    },
    freeze: () => new ToyModel().freeze(),
    steer: () => {},
  };
  const model = new LoggedModel(inner, {
    ...{ log, bytesMax: 1e6, hasCheckpoint: true, failed: (message) => told.push(message) },
    saved: () =>
      new Promise((written, reject) => {
        checkpoints.push({ written, failed: () => reject(new Busy('no disk', 1)) });
      }),
    ...options,
  });
  return { model, inner, log, told, checkpoints };
};

test('a batch is in the log before it is answered', async () => {
  const { model, log } = logged();
  expect(await model.feed(samples, origin)).toMatchObject({ step: 1 });
  await model.logged();
  expect(log.bytes).toBeGreaterThan(0);
});

test('after a write that failed nothing is answered before a checkpoint contains it', async () => {
  const { model, inner, log, told, checkpoints } = logged();
  const append = vi.spyOn(log, 'append').mockImplementationOnce(() => {
    throw Object.assign(new Error('write'), { code: 'ENOSPC' });
  });
  await expect(model.feed(samples, origin)).rejects.toBeInstanceOf(Busy);
  expect(told).toEqual([
    'the log of fed samples could not be written: no space left on the disk (ENOSPC)',
  ]);
  // It has been learned: sent again under its number, it is a repetition, and no answer to that either.
  expect(inner.producers.get('p')).toBe(7);
  await expect(model.logged()).rejects.toBeInstanceOf(Busy);
  await expect(model.feed(samples)).rejects.toBeInstanceOf(Busy);
  expect(checkpoints).toHaveLength(1);
  checkpoints[0]!.failed();
  await eventually(() => expect(checkpoints).toHaveLength(2));
  checkpoints[1]!.written();
  await eventually(() => model.logged());
  await model.feed(samples);
  expect(append).toHaveBeenCalledTimes(2);
});

test('a reset waits for a checkpoint: what was logged before belongs to another model', async () => {
  const { model, checkpoints } = logged();
  await model.steer({ op: 'pause' });
  await model.feed(samples);
  await model.steer({ op: 'reset' });
  await expect(model.feed(samples)).rejects.toBeInstanceOf(Busy);
  checkpoints[0]!.written();
  await eventually(() => model.feed(samples));
});

test('a log that grows asks for a checkpoint, and takes nothing beyond its limit', async () => {
  const { model, log, checkpoints } = logged({ bytesMax: 1_000 });
  while (log.bytes <= 1_000) await model.feed(samples);
  expect(checkpoints).toHaveLength(1);
  await expect(model.feed(samples)).rejects.toThrow('the log of fed samples is full');
  log.cut();
  log.drop(1e9);
  checkpoints[0]!.written();
  await model.feed(samples);
});

test('the first batch of a model without a checkpoint asks for one', async () => {
  const { model, checkpoints } = logged({ hasCheckpoint: false });
  await model.feed(samples);
  await model.feed(samples);
  expect(checkpoints).toHaveLength(1);
});
