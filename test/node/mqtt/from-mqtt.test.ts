import { execFileSync } from 'node:child_process';
import { connectAsync } from 'mqtt';
import {
  filter,
  firstValueFrom,
  lastValueFrom,
  type Observable,
  Subject,
  take,
  toArray,
} from 'rxjs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { fromMqtt } from '../../../src/node/mqtt/from-mqtt.ts';
import { toMqtt } from '../../../src/node/mqtt/to-mqtt.ts';
import type { ConnectionEvent } from '../../../src/sources/connection-event.ts';
import type { Example } from '../../../src/sources/example.ts';
import type { Rejection } from '../../../src/stream/rejection.ts';
import { hasMosquitto, Mosquitto } from './mosquitto.ts';

const counters = () => ({ received: 0, duplicates: 0, rejected: 0 });

test('misuse is refused', () => {
  for (const topics of [[], '', 'a/#/b', 'a+/b', 'a#']) {
    expect(() => fromMqtt('mqtt://127.0.0.1', { topics })).toThrow(/topic/);
  }
});

test('a broker that is absent is waited for, which is said, and given up', async () => {
  const events: ConnectionEvent[] = [];
  const source = fromMqtt('mqtt://127.0.0.1:1', {
    topics: 't',
    waitMs: 200,
    events: { next: (event) => events.push(event) },
  });
  await expect(firstValueFrom(source)).rejects.toThrow(
    /^no broker at mqtt:\/\/127.0.0.1:1 in 0.2 s: .*ECONNREFUSED/,
  );
  expect(events[0]).toEqual({
    kind: 'waiting',
    message: 'waiting for a broker at mqtt://127.0.0.1:1',
  });
});

if (!hasMosquitto()) {
  console.log('mosquitto is not here: the tests against a real broker are left out');
} else {
  describe('with a real broker', () => {
    let broker: Mosquitto;
    beforeAll(async () => {
      broker = await Mosquitto.start();
    });
    afterAll(() => broker.remove());

    /** Subscribes, publishes when the subscription stands, and returns the first so many examples. */
    const through = async (
      make: (events: Subject<ConnectionEvent>) => Observable<Example>,
      messages: readonly (readonly [topic: string, payload: string | Buffer])[],
      count: number,
    ): Promise<Example[]> => {
      const events = new Subject<ConnectionEvent>();
      const connected = firstValueFrom(events.pipe(filter(({ kind }) => kind === 'connected')));
      const examples = lastValueFrom(make(events).pipe(take(count), toArray()));
      await connected;
      const client = await connectAsync(broker.url);
      for (const [topic, payload] of messages)
        await client.publishAsync(topic, payload, { qos: 1 });
      const all = await examples;
      await client.endAsync();
      return all;
    };

    test.each([4, 5] as const)(
      'records come as examples (protocol %d)',
      async (protocolVersion) => {
        const topics = `v${protocolVersion}/#`;
        const examples = await through(
          (events) => fromMqtt(broker.url, { topics, protocolVersion, target: 'y', events }),
          [
            [`v${protocolVersion}/a`, '{"x":1,"y":2}'],
            [`v${protocolVersion}/b`, '{"x":3,"y":"high"}'],
          ],
          2,
        );
        expect(examples).toEqual([
          { features: { x: 1 }, target: 2 },
          { features: { x: 3 }, target: 'high' },
        ]);
      },
    );

    test('numbers are joined into records by a map', async () => {
      const map = { 'j/+/temp': 'temperature', 'j/+/power': 'power' };
      const [example] = await through(
        (events) =>
          fromMqtt(broker.url, { topics: 'j/#', map, target: 'power', joinMs: 700, events }),
        [
          ['j/hall/temp', '21.5'],
          ['j/hall/power', '300'],
        ],
        1,
      );
      expect(example).toEqual({ id: 'hall', features: { temperature: 21.5 }, target: 300 });
    });

    test('bad payloads are rejected and counted, and the stream goes on', async () => {
      const rejections: Rejection[] = [];
      const rejected = { next: (rejection: Rejection) => rejections.push(rejection) };
      const count = counters();
      const deep = `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`;
      const examples = await through(
        (events) => fromMqtt(broker.url, { topics: 'bad', rejected, counters: count, events }),
        [
          ['bad', 'nonsense'],
          ['bad', Buffer.of(0x7b, 0xff)],
          ['bad', Buffer.alloc(10_000_000, 0x20)],
          ['bad', deep],
          ['bad', '{"__proto__":{"a":1}}'],
          ['bad', '{"a":1}'],
        ],
        1,
      );
      expect(examples).toEqual([{ features: { a: 1 } }]);
      expect(rejections.map(({ code }) => code)).toEqual([
        'parse',
        'parse',
        'parse',
        'shape',
        'shape',
      ]);
      expect(count).toEqual({ received: 6, duplicates: 0, rejected: 5 });
    });

    test('retained messages count, or are skipped', async () => {
      const client = await connectAsync(broker.url);
      await client.publishAsync('r/old', '{"a":1}', { retain: true, qos: 1 });
      await client.endAsync();
      const [old] = await through(
        (events) => fromMqtt(broker.url, { topics: 'r/#', events }),
        [],
        1,
      );
      expect(old?.features).toEqual({ a: 1 });
      const [fresh] = await through(
        (events) => fromMqtt(broker.url, { topics: 'r/#', retained: 'skip', events }),
        [['r/new', '{"a":2}']],
        1,
      );
      expect(fresh?.features).toEqual({ a: 2 });
    });

    test('a pipeline is heard on the other side, and its state stays', async () => {
      const audience = toMqtt(broker.url, { prefix: 'out', everyMs: 1 });
      const events = new Subject<ConnectionEvent>();
      const connected = firstValueFrom(events);
      const heard = firstValueFrom(
        fromMqtt(broker.url, { topics: 'out/events', target: 'kind', events }),
      );
      await connected;
      audience.event({ kind: 'drift', step: 7, message: 'the cost has changed' });
      expect(await heard).toMatchObject({ features: { step: 7 }, target: 'drift' });
      const cost = { count: 2, sum: 1, sumSquares: 1, mean: 0.5, nonFinite: 0 };
      const windowed = { count: 2, mean: 0.5, min: 0, max: 1 };
      audience.publish({
        step: 2,
        cost: { ...cost, windowed },
        metrics: { accuracy: 1 },
        baseline: {},
        rejected: 0,
        predictions: [],
        tensors: [],
      });
      const state = await firstValueFrom(fromMqtt(broker.url, { topics: 'out/cost' }));
      expect(state.features).toMatchObject({ step: 2, mean: 0.5 });
      audience.close();
    });
  });

  test('a wrong password is one clear line', async () => {
    const passwords = Mosquitto.file('passwords', 'ada:secret\n');
    execFileSync('mosquitto_passwd', ['-U', passwords]);
    const broker = await Mosquitto.start(`allow_anonymous false\npassword_file ${passwords}`);
    const login = { topics: 't', username: 'ada', password: 'wrong' };
    await expect(firstValueFrom(fromMqtt(broker.url, login))).rejects.toThrow(
      /Not authorized \(see MQTT_USERNAME and MQTT_PASSWORD\)$/,
    );
    await broker.remove();
  });

  test.each([
    ['3.1.1', { protocolVersion: 4 }],
    ['5, in a thread of its own', { protocolVersion: 5, thread: true }],
  ] as const)(
    '20,000 messages at QoS 1 arrive through two restarts of the broker (MQTT %s)',
    async (_, how) => {
      const broker = await Mosquitto.start();
      onTestFinished(() => broker.remove());
      const count = counters();
      const events: string[] = [];
      const seen = new Set<number>();
      const source = fromMqtt(broker.url, {
        ...how,
        topics: 'many',
        clientId: 'learner',
        counters: count,
        events: { next: ({ kind }) => events.push(kind) },
      });
      const all = new Promise<void>((resolve, reject) => {
        source.subscribe({
          next: ({ features }) => {
            seen.add(features['n'] as number);
            if (seen.size === 20_000) resolve();
          },
          error: reject,
        });
      });
      const publisher = await connectAsync(broker.url, {
        clientId: 'publisher',
        clean: false,
        reconnectPeriod: 100,
      });
      // What it says again after a restart the broker takes for new.
      let sent = 0;
      publisher.on('packetsend', ({ cmd }) => {
        if (cmd === 'publish') sent += 1;
      });
      while (!events.includes('connected')) await new Promise((resolve) => setTimeout(resolve, 20));
      const published: Promise<unknown>[] = [];
      for (let n = 0; n < 20_000; n += 1) {
        published.push(publisher.publishAsync('many', `{"n":${n}}`, { qos: 1 }));
        if (n % 500 === 499) await published[n - 400];
        if (n === 6_999 || n === 13_999) {
          await broker.stop();
          await broker.start();
        }
      }
      await Promise.all(published);
      await all;
      expect(seen.size).toBe(20_000);
      expect(count.received - count.duplicates).toBeLessThanOrEqual(sent);
      expect(events.filter((kind) => kind === 'connected').length).toBeGreaterThanOrEqual(3);
      await publisher.endAsync(true);
    },
    180_000,
  );
}
