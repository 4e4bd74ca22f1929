import { Readable } from 'node:stream';
import { from, lastValueFrom, take, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { fromReadable, toReadable } from '../../src/node/readable.ts';

test('a Node stream is read in order, and destroyed when enough has come', async () => {
  const readable = Readable.from([1, 2, 3, 4]);
  expect(await lastValueFrom(fromReadable(readable).pipe(take(2), toArray()))).toEqual([1, 2]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(readable.destroyed).toBe(true);
});

test('an error of a Node stream passes', async () => {
  const readable = new Readable({ objectMode: true, read() {} });
  readable.destroy(new Error('broken'));
  await expect(lastValueFrom(fromReadable(readable))).rejects.toThrow('broken');
});

test('a stream can be read as a Node stream', async () => {
  expect(await toReadable(from([1, 2, 3])).toArray()).toEqual([1, 2, 3]);
});
