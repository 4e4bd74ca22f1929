import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { lastValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { fromMqtt } from '../../../../src/node/sources/mqtt/from-mqtt.ts';
import { SourceError } from '../../../../src/sources/source-error.ts';

/** Nobody listens there. */
const url = 'mqtt://127.0.0.1:1';
const options = { topics: 't', thread: true };

test('what its thread cannot mend is an error of the same class here', async () => {
  const failed = expect(lastValueFrom(fromMqtt(url, { ...options, waitMs: 200 }))).rejects;
  await failed.toMatchObject({
    name: 'SourceError',
    message: expect.stringMatching(`^no broker at ${url} in 0.2 s: .*ECONNREFUSED`),
  });
});

test('a thread that dies is an error', async () => {
  process.once('worker', (worker) => worker.once('online', () => void worker.terminate()));
  await expect(lastValueFrom(fromMqtt(url, options))).rejects.toThrow(
    new SourceError(`the thread of ${url} has ended`),
  );
});

test('its thread ends by itself when nobody listens any more', async () => {
  const started = once(process, 'worker');
  const events = { next: () => subscription.unsubscribe() };
  const subscription = fromMqtt(url, { ...options, events }).subscribe();
  const [worker] = (await started) as [Worker];
  // One that had to be terminated would end with 1.
  expect(await once(worker, 'exit')).toEqual([0]);
});
