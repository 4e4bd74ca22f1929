import { execFileSync } from 'node:child_process';
import { connectAsync } from 'mqtt';
import {
  filter,
  firstValueFrom,
  lastValueFrom,
  type Observable,
  reduce,
  Subject,
  take,
  takeWhile,
  toArray,
} from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FromMqttOptions, fromMqtt } from '../../../../src/node/sources/mqtt/from-mqtt.ts';
import type { ConnectionEvent } from '../../../../src/sources/connection-event.ts';
import type { Example } from '../../../../src/sources/example.ts';
import { SourceError } from '../../../../src/sources/source-error.ts';
import type { Rejection } from '../../../../src/stream/rejection.ts';
import { hasMosquitto, Mosquitto } from './mosquitto.ts';

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const counters = () => ({ received: 0, duplicates: 0, rejected: 0 });

test('misuse is refused', () => {
  for (const topics of [[], '', 'a/#/b', 'a+/b', 'a#']) {
    expect(() => fromMqtt('mqtt://127.0.0.1', { topics })).toThrow(/topic/);
  }
});

test.each([
  [{ qos: 7 }, 'qos must be 0, 1 or 2, not 7'],
  [{ qos: '1' }, 'qos must be 0, 1 or 2, not "1"'],
  [{ protocolVersion: 3 }, 'protocolVersion must be 4 or 5, not 3'],
  [{ retained: 'no' }, 'retained must be "use" or "skip", not "no"'],
  [{ receiveMaximum: 65_536 }, 'receiveMaximum must be a whole number from 1 to 65535, not 65536'],
  [{ topicsMax: 0 }, 'topicsMax must be a whole number of at least 1, not 0'],
  [{ joinMs: 0 }, 'joinMs must be above 0 and at most 2147483647 ms, not 0'],
  [{ waitMs: Number.NaN }, 'waitMs must be above 0 and at most 2147483647 ms, not NaN'],
  [{ share: 'a/b' }, 'share must be a text without / + # that is not empty, not "a/b"'],
  [{ clientId: '' }, 'clientId must be a text that is not empty, not ""'],
  [{ clientId: 7 }, 'clientId must be text, not 7'],
  [{ kept: Promise.resolve() }, 'kept must be a function, not [object Promise]'],
])('an invalid option is refused at once: %o', (option, message) => {
  const options = { topics: 't', ...option } as unknown as FromMqttOptions;
  expect(() => fromMqtt('mqtt://127.0.0.1', options)).toThrow(message);
});

describe.each([false, true])('an address (thread: %s)', (thread) => {
  const errorOf = (url: string) =>
    firstValueFrom(fromMqtt(url, { topics: 't', thread, waitMs: 100 })).catch((error) => error);

  test.each(['notaurl', 'mqtt:', 'mqtt://', 'http://127.0.0.1', 'mqtt:127.0.0.1'])(
    'that is none of a broker is named: %s',
    async (url) => {
      expect(await errorOf(url)).toEqual(
        new SourceError(`'${url}' is no address of a broker: write mqtt://HOST or mqtts://HOST`),
      );
    },
  );

  test.each(['mqtt://joe:secret@127.0.0.1:1', 'mqtt://:secret@127.0.0.1', 'wss://joe:se@cret@a/b'])(
    'with a password in it is refused, and not shown: %s',
    async (url) => {
      const error = await errorOf(url);
      expect(error).toBeInstanceOf(SourceError);
      expect(error.message).toMatch(/^a password does not belong in an address: use the env/);
      expect(error.message).not.toContain('cret');
    },
  );

  test.each(['joe:secret@host', 'mqtt://joe:sec/ret@host:x', 'mqtt://joe:12/secret@127.0.0.1:1'])(
    'that cannot be read is shown without what may be a password: %s',
    async (url) => {
      const error = await errorOf(url);
      expect(error).toBeInstanceOf(SourceError);
      expect(error.message).not.toMatch(/sec/);
    },
  );
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

    /** Subscribes, publishes when the subscription stands, and returns the first `count` examples. */
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

    test.each([false, true])(
      'bad payloads are rejected and counted, and the stream continues (thread: %s)',
      async (thread) => {
        const rejections: Rejection[] = [];
        const rejected = { next: (rejection: Rejection) => rejections.push(rejection) };
        const count = counters();
        const bad = [
          ['nonsense', 'parse'],
          [Buffer.of(0x7b, 0xff), 'parse'],
          [Buffer.alloc(10_000_000, 0x20), 'parse'],
          [nested(9), 'shape'],
          [nested(100_000), 'shape'],
          ['{"__proto__":{"a":1}}', 'shape'],
        ] as const;
        const payloads = [...bad.map(([payload]) => payload), '{"a":1}'];
        const examples = await through(
          (events) =>
            fromMqtt(broker.url, { topics: 'bad', thread, rejected, counters: count, events }),
          payloads.map((payload) => ['bad', payload] as const),
          1,
        );
        expect(examples).toEqual([{ features: { a: 1 } }]);
        expect(rejections.map(({ code }) => code)).toEqual(bad.map(([, code]) => code));
        for (const { reason } of rejections) expect(reason).toMatch(/^bad: ./);
        expect(count).toEqual({ received: 7, duplicates: 0, rejected: 6 });
      },
    );

    test.each([false, true])(
      'a flood of topics is counted, and the stream continues (thread: %s)',
      async (thread) => {
        const reasons: string[] = [];
        const rejected = { next: ({ reason }: Rejection) => reasons.push(reason) };
        const flood = Array.from({ length: 1_100 }, (_, k) => [`flood/${k}`, '1'] as const);
        const examples = await through(
          (events) =>
            fromMqtt(broker.url, { topics: 'flood/#', thread, joinMs: 60_000, rejected, events }),
          [...flood, ['flood/record', '{"a":1}']],
          1,
        );
        expect(examples).toEqual([{ features: { a: 1 } }]);
        expect(reasons).toHaveLength(100);
        expect(reasons[0]).toBe('flood/1000: more than 1000 topics with values');
      },
    );

    test.each([false, true])(
      'a flood of topics opens a limited number of features, however long it lasts (thread: %s)',
      async (thread) => {
        const rejections: Rejection[] = [];
        const rejected = { next: (rejection: Rejection) => rejections.push(rejection) };
        const count = counters();
        const flood = Array.from({ length: 500 }, (_, k) => [`many/${k}`, '1'] as const);
        const options = { topics: 'many/#', thread, topicsMax: 20, joinMs: 10 };
        const examples = await through(
          (events) =>
            fromMqtt(broker.url, { ...options, rejected, counters: count, events }).pipe(
              takeWhile(({ features }) => features['many/0'] !== 7, true),
              reduce((all, { features }) => ({ features: { ...all.features, ...features } })),
            ),
          [...flood, ['many/0', '7']],
          1,
        );
        const names = flood.slice(0, 20).map(([topic]) => topic);
        expect(Object.keys(examples[0]!.features)).toEqual(names);
        expect(count).toMatchObject({ received: 501, rejected: 480 });
        expect(rejections[0]).toEqual({
          code: 'shape',
          reason: 'many/20: more than 20 topics with values',
          index: 20,
        });
      },
    );

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
}
