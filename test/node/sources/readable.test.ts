import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { from, lastValueFrom, take, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { fromReadable, toReadable } from '../../../src/node/sources/readable.ts';

test('a Node stream is read in order, and destroyed when enough has come', async () => {
  const readable = Readable.from([1, 2, 3, 4]);
  expect(await lastValueFrom(fromReadable(readable).pipe(take(2), toArray()))).toEqual([1, 2]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(readable.destroyed).toBe(true);
});

const idle = (): Readable => new PassThrough({ objectMode: true });
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test('a Node stream that waits is destroyed at once when nobody wants it', async () => {
  const readable = idle();
  const subscription = fromReadable(readable).subscribe();
  await aMoment();
  subscription.unsubscribe();
  expect(readable.destroyed).toBe(true);
});

test('a Node stream is destroyed by the signal, while it waits or before it began', async () => {
  const [waiting, unbegun] = [idle(), idle()];
  const controller = new AbortController();
  const { signal } = controller;
  const ended = lastValueFrom(fromReadable(waiting, { signal }), { defaultValue: 'none' });
  await aMoment();
  controller.abort();
  expect([await ended, waiting.destroyed]).toEqual(['none', true]);
  await lastValueFrom(fromReadable(unbegun, { signal }), { defaultValue: 'none' });
  expect(unbegun.destroyed).toBe(true);
});

test('a file is closed that was unsubscribed from at once, and one that is not there hurts nobody', async () => {
  for (const path of [import.meta.filename, '/no/such/file']) {
    const file = createReadStream(path);
    const closed = new Promise<void>((resolve) => file.once('close', resolve));
    fromReadable(file).subscribe().unsubscribe();
    await closed;
    expect([file.destroyed, file.pending]).toEqual([true, true]);
  }
});

test('an error of a Node stream passes', async () => {
  const readable = new Readable({ objectMode: true, read() {} });
  readable.destroy(new Error('broken'));
  await expect(lastValueFrom(fromReadable(readable))).rejects.toThrow('broken');
});

test('a stream can be read as a Node stream', async () => {
  expect(await toReadable(from([1, 2, 3])).toArray()).toEqual([1, 2, 3]);
});
