import { connectAsync } from 'mqtt';
import { BehaviorSubject, filter, firstValueFrom } from 'rxjs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type FromMqttOptions, fromMqtt } from '../../../../src/node/sources/mqtt/from-mqtt.ts';
import type { ConnectionEvent } from '../../../../src/sources/connection-event.ts';
import { hasMosquitto, Mosquitto } from './mosquitto.ts';

const messageCount = 20_000;

/** Learns the numbers of a topic, each of them at least once. */
const learnAll = (url: string, how: Partial<FromMqttOptions>) => {
  const counters = { received: 0, duplicates: 0, rejected: 0 };
  const seen = new Set<number>();
  const connections = new BehaviorSubject(0);
  const events = {
    next: ({ kind }: ConnectionEvent) => {
      if (kind === 'connected') connections.next(connections.value + 1);
    },
  };
  const source = fromMqtt(url, { ...how, topics: 'many', clientId: 'learner', counters, events });
  const all = new Promise<void>((resolve, reject) => {
    const subscription = source.subscribe({
      next: ({ features }) => {
        seen.add(features['n'] as number);
        if (seen.size === messageCount) resolve();
      },
      error: reject,
    });
    onTestFinished(() => subscription.unsubscribe());
  });
  /** Settles when it has been connected so often. */
  const connected = (count: number): Promise<number> =>
    firstValueFrom(connections.pipe(filter((value) => value >= count)));
  return { all, seen, counters, connected };
};

/** Publishes them, with two breaks among them; says how often something was sent. */
const publishAll = async (url: string, pause: () => Promise<void>): Promise<number> => {
  const publisher = await connectAsync(url, {
    clientId: 'publisher',
    clean: false,
    reconnectPeriod: 100,
  });
  // What it says again after a restart the broker takes for new.
  let sent = 0;
  publisher.on('packetsend', ({ cmd }) => {
    if (cmd === 'publish') sent += 1;
  });
  const published: Promise<unknown>[] = [];
  for (let n = 0; n < messageCount; n += 1) {
    published.push(publisher.publishAsync('many', `{"n":${n}}`, { qos: 1 }));
    if (n % 500 === 499) await published[n - 400];
    if (n === 6_999 || n === 13_999) await pause();
  }
  await Promise.all(published);
  await publisher.endAsync(true);
  return sent;
};

describe.skipIf(!hasMosquitto())('through two restarts of the broker', () => {
  test.each([
    { protocolVersion: 4 },
    { protocolVersion: 4, thread: true },
    { protocolVersion: 5, thread: true },
  ] as const)(
    '20,000 messages at QoS 1 arrive (%o)',
    async (how) => {
      const broker = await Mosquitto.start();
      onTestFinished(() => broker.remove());
      const { all, seen, counters, connected } = learnAll(broker.url, how);
      let restarts = 0;
      await connected(1);
      const sent = await publishAll(broker.url, async () => {
        restarts += 1;
        await connected(restarts);
        await broker.stop();
        await broker.start();
      });
      await all;
      await connected(3);
      expect(seen.size).toBe(messageCount);
      expect(counters.received - counters.duplicates).toBeLessThanOrEqual(sent);
    },
    180_000,
  );
});
