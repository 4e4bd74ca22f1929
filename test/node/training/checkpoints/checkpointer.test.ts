import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Busy } from '../../../../src/broadcast/model.ts';
import { broadcaster } from '../../../../src/node/server/broadcaster.ts';
import { newestCheckpoint } from '../../../../src/node/training/checkpoints/checkpoint-files.ts';
import { CheckpointFolder } from '../../../../src/node/training/checkpoints/checkpoint-folder.ts';
import {
  type Capture,
  Checkpointer,
} from '../../../../src/node/training/checkpoints/checkpointer.ts';
import type { Checkpoint } from '../../../../src/snapshot/checkpoint.ts';
import { snapshotAt } from '../../../broadcast/snapshots.ts';
import { eventually } from '../../../eventually.ts';

const open: Checkpointer[] = [];
afterEach(async () => {
  for (const checkpointer of open.splice(0)) await checkpointer.close().catch(() => {});
});

/** A checkpointer whose folder is a list, and takes as long as the test wants. */
const harness = (everyMs = 3_600_000, timeoutMs = 30_000) => {
  const kept: Checkpoint[] = [];
  const disk = { failure: undefined as Error | undefined, gate: Promise.resolve() };
  const model = { step: 0, isKnown: true };
  const folder = {
    async add(checkpoint: Checkpoint) {
      await disk.gate;
      if (disk.failure) throw disk.failure;
      kept.push(checkpoint);
      return `file-${kept.length}`;
    },
    async close() {},
  } as unknown as CheckpointFolder;
  const shown = broadcaster({ name: 'toy' });
  const capture = () => (model.isKnown ? ({ step: model.step } as Capture) : undefined);
  const checkpointer = new Checkpointer({ folder, shown, capture, everyMs, timeoutMs });
  open.push(checkpointer);
  const events = () =>
    Array.from({ length: shown.logs.events.last }, (_, i) => shown.logs.events.get(i + 1)!.rest);
  return { kept, disk, model, shown, checkpointer, events };
};

describe('a checkpointer', () => {
  test('writes one checkpoint for all callers meanwhile, with what had been learned by then', async () => {
    const { kept, disk, model, checkpointer } = harness();
    let opened = (): void => {};
    disk.gate = new Promise((resolve) => {
      opened = resolve;
    });
    model.step = 1;
    const first = checkpointer.saved();
    await new Promise((resolve) => setTimeout(resolve, 20));
    // The first is under way: it does not have what is learned now.
    model.step = 2;
    const others = Array.from({ length: 50 }, () => checkpointer.saved());
    model.step = 3;
    opened();
    await Promise.all([first, ...others]);
    expect(kept.map(({ step }) => step)).toEqual([1, 3]);
    await checkpointer.saved();
    expect(kept).toHaveLength(3);
  });

  test('is reported as an event, at most once in ten seconds', async () => {
    const { checkpointer, events } = harness();
    for (let i = 0; i < 5; i += 1) await checkpointer.saved();
    expect(events()).toEqual([expect.stringContaining('"kind":"checkpoint"')]);
    expect(events()[0]).toContain('kept in file-1');
  });

  test('tells waiting callers to retry when it could not be written', async () => {
    const { kept, disk, checkpointer, events } = harness();
    disk.failure = new Error('no space left');
    const failed = await checkpointer.saved().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Busy);
    expect(failed).toMatchObject({ cause: disk.failure });
    expect(events()[0]).toContain('the checkpoint could not be written: no space left');
    disk.failure = undefined;
    await checkpointer.saved();
    expect(kept).toHaveLength(1);
  });

  test('fails while the disk fails, tells of it once, and recovers though nobody asks', async () => {
    const { disk, checkpointer, events } = harness(10);
    expect(checkpointer).toMatchObject({ failure: undefined, failures: 0 });
    disk.failure = Object.assign(new Error('raw'), { code: 'ENOSPC' });
    for (let i = 0; i < 3; i += 1) await checkpointer.saved().catch(() => {});
    expect(checkpointer.failure).toBe('no space left on the disk (ENOSPC)');
    expect(checkpointer.failures).toBeGreaterThanOrEqual(3);
    expect(events()).toEqual([expect.stringContaining('no space left on the disk (ENOSPC)')]);
    disk.failure = undefined;
    await eventually(() => expect(checkpointer.failure).toBeUndefined());
    expect(checkpointer.failures).toBeGreaterThanOrEqual(3);
  });

  test('fails where the disk does not answer, and writes nothing more until it does', async () => {
    const { kept, disk, checkpointer } = harness(3_600_000, 20);
    let answer = (): void => {};
    disk.gate = new Promise((resolve) => {
      answer = resolve;
    });
    for (let i = 0; i < 2; i += 1) {
      await expect(checkpointer.saved()).rejects.toThrow(Busy);
      expect(checkpointer.failure).toBe('the disk has not answered for 20 ms');
    }
    answer();
    await eventually(() => checkpointer.saved());
    expect(checkpointer.failure).toBeUndefined();
    expect(kept).toHaveLength(2);
  });

  test('says how old it is: since when all that had been learned was in it', async () => {
    const { disk, model, shown, checkpointer } = harness();
    await checkpointer.saved();
    const first = checkpointer.ageMs;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(checkpointer.ageMs).toBeGreaterThanOrEqual(first + 20);
    model.step = 1;
    shown.publish(snapshotAt(1));
    disk.failure = new Error('no');
    await checkpointer.saved().catch(() => {});
    expect(checkpointer.ageMs).toBeGreaterThanOrEqual(first + 20);
    const before = checkpointer.ageMs;
    disk.failure = undefined;
    await checkpointer.saved();
    expect(checkpointer.ageMs).toBeLessThan(before);
  });

  test('writes nothing that is not finite: waiting callers get the error, and it persists', async () => {
    const folder = await CheckpointFolder.open(mkdtempSync(join(tmpdir(), 'rivulet-finite-')));
    const shown = broadcaster({ name: 'toy' });
    const weights = Float32Array.of(1, 2);
    const capture = (): Capture => ({
      ...{ model: {}, step: 1, cost: { count: 1, sum: 0 }, memory: { weights } },
      ...{ producers: new Map(), source: { name: 'toy', taken: 0 } },
    });
    const checkpointer = new Checkpointer({ folder, shown, capture });
    await checkpointer.saved();
    weights[1] = Number.NaN;
    await expect(checkpointer.saved()).rejects.toThrow(Busy);
    expect(checkpointer.failure).toBe('it has a number that is not finite: weights[1] is NaN');
    const found = (await newestCheckpoint(folder.path))!.checkpoint.memory;
    expect(found).toEqual({ weights: Float32Array.of(1, 2) });
    expect(readdirSync(folder.path).filter((file) => file.endsWith('.unfinished'))).toEqual([]);
    await checkpointer.close().catch(() => {});
    rmSync(folder.path, { recursive: true });
  });

  test('writes every so often, where something was learned', async () => {
    const { kept, shown } = harness(10);
    shown.publish(snapshotAt(5));
    await eventually(() => expect(kept.length).toBeGreaterThan(0));
    expect(() => harness(0)).toThrow(RangeError);
    expect(() => harness(1, 0)).toThrow(RangeError);
  });

  test('has a last one, with the history as it ended; none where nothing is known', async () => {
    const { kept, model, shown, checkpointer } = harness();
    model.step = 7;
    await checkpointer.saved();
    await checkpointer.close();
    expect(kept.map(({ isFinal, step }) => [isFinal, step])).toEqual([
      [false, 7],
      [true, 7],
    ]);
    expect(kept[1]!.history).toEqual(shown.history);
    const empty = harness();
    empty.model.isKnown = false;
    await empty.checkpointer.close();
    expect(empty.kept).toEqual([]);
  });
});
