import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fromMqtt } from '../../../../src/node/sources/mqtt/from-mqtt.ts';
import { newestCheckpoint } from '../../../../src/node/training/checkpoints/checkpoint-files.ts';
import { hasMosquitto, Mosquitto } from './mosquitto.ts';

const program = join(import.meta.dirname, 'keeping-program.ts');

const newBroker = async (): Promise<Mosquitto> => {
  const broker = await Mosquitto.start();
  onTestFinished(() => broker.remove());
  return broker;
};

const newFolder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'rivulet-kept-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
};

const publishNames = async (
  url: string,
  { qos, messageCount }: { qos: 1 | 2; messageCount: number },
): Promise<void> => {
  const publisher = await connectAsync(url);
  for (let n = 0; n < messageCount; n += 1) {
    await publisher.publishAsync('names', `{"a":${n % 7},"target":"n${n}"}`, { qos });
    await later(10);
  }
  await publisher.endAsync();
};

describe.skipIf(!hasMosquitto())('messages that are acknowledged when they are kept', () => {
  test.each([
    ['', 1, 200],
    ['thread', 1, 200],
    ['', 2, 200],
    ['thread', 2, 200],
  ] as const)(
    'are learned by a program that is killed again and again (%s, QoS %d)',
    async (thread, qos, messageCount) => {
      const { url } = await newBroker();
      const path = newFolder();
      const start = (): ChildProcess => {
        const words = ['--import', 'tsx', program, url, path, `${messageCount}`, thread, `${qos}`];
        const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
        onTestFinished(() => void child.kill('SIGKILL'));
        return child;
      };
      // The broker begins to keep messages when it has first seen the program.
      const sleeper = await connectAsync(url, { clientId: 'names', clean: false });
      await sleeper.subscribeAsync('names', { qos });
      await sleeper.endAsync();
      const published = publishNames(url, { qos, messageCount });
      for (let kills = 0; kills < 4; kills += 1) {
        const child = start();
        const exited = once(child, 'exit');
        // It says so when it has learned something.
        await once(child.stdout!, 'data');
        await later(10 * kills);
        child.kill('SIGKILL');
        expect(await exited).toEqual([null, 'SIGKILL']);
      }
      const last = start();
      last.stdout!.resume();
      expect(await once(last, 'exit')).toEqual([0, null]);
      await published;
      const { checkpoint } = (await newestCheckpoint(path))!;
      const names = JSON.stringify(checkpoint.memory['encoder']).matchAll(/"n\d+"/g);
      expect(new Set(Array.from(names, ([name]) => name)).size).toBe(messageCount);
      expect(checkpoint.step).toBeGreaterThanOrEqual(messageCount);
    },
    60_000,
  );

  test('wait for as long as nothing can be kept', async () => {
    const { url } = await newBroker();
    let fails = 2;
    const seen: unknown[] = [];
    const options = { topics: 't', clientId: 'one' };
    const kept = async (): Promise<void> => {
      fails -= 1;
      if (fails >= 0) throw new Error('the disk is full');
    };
    const publisher = await connectAsync(url);
    const events = {
      next: () => void publisher.publishAsync('t', '{"a":1}', { qos: 1, retain: true }),
    };
    const subscription = fromMqtt(url, { ...options, events, kept }).subscribe((example) =>
      seen.push(example.features['a']),
    );
    await expect.poll(() => seen).toEqual([1]);
    await later(500);
    subscription.unsubscribe();
    await later(1_500);
    await publisher.endAsync();
    // It was not kept, so it comes again.
    const again: unknown[] = [];
    const second = fromMqtt(url, { ...options, retained: 'skip' }).subscribe(({ features }) =>
      again.push(features['a']),
    );
    onTestFinished(() => second.unsubscribe());
    await expect.poll(() => again).toEqual([1]);
  });
});
