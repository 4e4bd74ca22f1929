import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectAsync, type IClientOptions } from 'mqtt';
import {
  filter,
  firstValueFrom,
  lastValueFrom,
  map,
  type Observable,
  Subject,
  take,
  toArray,
} from 'rxjs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type FromMqttOptions, fromMqtt } from '../../../../src/node/sources/mqtt/from-mqtt.ts';
import { toMqtt } from '../../../../src/node/sources/mqtt/to-mqtt.ts';
import type { ConnectionEvent } from '../../../../src/sources/connection-event.ts';
import { hasMosquitto, Mosquitto } from './mosquitto.ts';

const range = (end: number, start = 0): number[] =>
  Array.from({ length: end - start }, (_, k) => start + k);

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

/** Mosquitto 2.0 loses count where a client has more than 20 messages of QoS 2 on their way. */
const aheadMax = { 0: 1_000, 1: 1_000, 2: 10 };

/** Publishes `{"n":0}`, `{"n":1}`, … */
const publish = async (
  url: string,
  { topic, count, qos, ...options }: IClientOptions & Sending,
): Promise<void> => {
  const client = await connectAsync(url, options);
  for (let n = 0; n < count; n += aheadMax[qos]) {
    const some = range(Math.min(count, n + aheadMax[qos]), n);
    await Promise.all(some.map((k) => client.publishAsync(topic, `{"n":${k}}`, { qos })));
  }
  await client.endAsync();
};

interface Sending {
  readonly topic: string;
  readonly count: number;
  readonly qos: 0 | 1 | 2;
}

/** The numbers that come, and when the subscription stands. */
const numbers = (url: string, options: Omit<FromMqttOptions, 'events'>) => {
  const events = new Subject<ConnectionEvent>();
  const connected = firstValueFrom(events.pipe(filter(({ kind }) => kind === 'connected')));
  const examples = fromMqtt(url, { ...options, events });
  const came: Observable<number> = examples.pipe(map(({ features }) => features['n'] as number));
  return { came, connected };
};

/** Subscribes with a session of that name and goes, so that the broker keeps what comes. */
const leaveSession = async (url: string, clientId: string, topic: string): Promise<void> => {
  const client = await connectAsync(url, { clientId, clean: false });
  await client.subscribeAsync(topic, { qos: 1 });
  await client.endAsync();
};

/** Who comes back at once may take the session over before the broker has read the farewell. */
const farewell = (): Promise<void> => later(500);

/** All ways in which a subscription acknowledges. */
const acknowledging = [undefined, async () => {}].flatMap((kept) =>
  [false, true].flatMap((thread) =>
    ([4, 5] as const).map((protocolVersion) => ({ kept, thread, protocolVersion })),
  ),
);

describe.skipIf(!hasMosquitto())('a subscription', () => {
  let broker: Mosquitto;
  beforeAll(async () => {
    broker = await Mosquitto.start();
  });
  afterAll(() => broker.remove());

  const ways = [4, 5].flatMap((version) =>
    [0, 1, 2].flatMap((qos) => [false, true].map((thread) => [version, qos, thread])),
  );

  test.each(ways as [4 | 5, 0 | 1 | 2, boolean][])(
    'brings each message once while nothing breaks (version %d, QoS %d, thread: %s)',
    async (protocolVersion, qos, thread) => {
      const topic = `once/${protocolVersion}/${qos}/${thread}`;
      const { came, connected } = numbers(broker.url, {
        topics: topic,
        protocolVersion,
        qos,
        thread,
      });
      const all = lastValueFrom(came.pipe(take(100), toArray()));
      await connected;
      await publish(broker.url, { topic, count: 100, qos, protocolVersion });
      expect(await all).toEqual(range(100));
    },
  );

  test.each([false, true])(
    'that is given up has not acknowledged what was not learned (thread: %s)',
    async (thread) => {
      const [topics, clientId] = [`left/${thread}`, `left-${thread}`];
      await leaveSession(broker.url, clientId, topics);
      await publish(broker.url, { topic: topics, count: 1_000, qos: 1 });
      const some = numbers(broker.url, { topics, clientId, thread }).came.pipe(
        take(300),
        toArray(),
      );
      expect(await lastValueFrom(some)).toEqual(range(300));
      // Who comes back at once may take the session over before the broker has read the farewell.
      const isNew = filter((n: number) => n >= 300);
      const rest = numbers(broker.url, { topics, clientId, thread }).came;
      expect(await lastValueFrom(rest.pipe(isNew, take(700), toArray()))).toEqual(
        range(1_000, 300),
      );
    },
  );

  test.each(acknowledging)(
    'that is given up has acknowledged all that was learned (%o)',
    async ({ kept, ...how }) => {
      const topics = `learned/${JSON.stringify({ kept: kept !== undefined, ...how })}`;
      const options = { ...how, topics, clientId: topics };
      await leaveSession(broker.url, topics, topics);
      await publish(broker.url, { topic: topics, count: 500, qos: 1 });
      const first = numbers(broker.url, { ...options, ...(kept && { kept }) }).came;
      expect(await lastValueFrom(first.pipe(take(150), toArray()))).toEqual(range(150));
      await farewell();
      const rest = numbers(broker.url, options).came.pipe(take(350), toArray());
      expect(await lastValueFrom(rest)).toEqual(range(500, 150));
    },
  );

  test.each([false, true])(
    'that waits for its end leaves the session to who comes back (thread: %s)',
    async (thread) => {
      const [topics, clientId] = [`back/${thread}`, `back-${thread}`];
      await leaveSession(broker.url, clientId, topics);
      await publish(broker.url, { topic: topics, count: 10, qos: 1 });
      const kept = () => new Promise(() => {});
      const first = numbers(broker.url, { topics, clientId, thread, kept }).came;
      // What comes with one read is one batch, and no more are read before it is durable.
      await firstValueFrom(first);
      const told: ConnectionEvent['kind'][] = [];
      const events = { next: ({ kind }: ConnectionEvent) => told.push(kind) };
      const rest: unknown[] = [];
      const second = fromMqtt(broker.url, { topics, clientId, thread, events }).subscribe(
        ({ features }) => rest.push(features['n']),
      );
      onTestFinished(() => second.unsubscribe());
      await expect.poll(() => rest, { timeout: 3_000 }).toEqual(range(10));
      // The library would seek its lost connection again after half a second.
      await later(1_500);
      expect(told).toEqual(['connected']);
    },
  );

  test.each([false, true])(
    'acknowledges each batch, also where a later one is known to be kept before (thread: %s)',
    async (thread) => {
      const [topics, clientId] = [`turns/${thread}`, `turns-${thread}`];
      const options = { topics, clientId, thread, protocolVersion: 5 } as const;
      await leaveSession(broker.url, clientId, topics);
      await publish(broker.url, { topic: topics, count: 700, qos: 1 });
      let asked = 0;
      let [refusedAt, isRetried] = [0, false];
      const kept = async (): Promise<void> => {
        asked += 1;
        if (asked > 1) isRetried ||= performance.now() - refusedAt > 900;
        else {
          refusedAt = performance.now();
          throw new Error('the disk is full');
        }
      };
      const seen: number[] = [];
      const first = numbers(broker.url, { ...options, kept }).came.subscribe((n) => seen.push(n));
      await expect.poll(() => seen.length).toBe(700);
      // The first is retried after a second; then its acknowledgement needs a moment.
      await expect.poll(() => isRetried).toBe(true);
      await later(500);
      first.unsubscribe();
      await farewell();
      await publish(broker.url, { topic: topics, count: 1, qos: 1 });
      expect(await firstValueFrom(numbers(broker.url, options).came)).toBe(0);
    },
    60_000,
  );

  test.each([false, true])(
    'ends though nothing is ever kept, and what was not comes again (thread: %s)',
    async (thread) => {
      const [topics, clientId] = [`unkept/${thread}`, `unkept-${thread}`];
      await leaveSession(broker.url, clientId, topics);
      await publish(broker.url, { topic: topics, count: 100, qos: 1 });
      const options = JSON.stringify({ topics, clientId, thread });
      const child = runProgram(`
        const kept = () => new Promise(() => {});
        const source = fromMqtt(${JSON.stringify(broker.url)}, { ...${options}, kept });
        const subscription = source.subscribe(() => setTimeout(() => subscription.unsubscribe(), 100));`);
      expect(await once(child, 'close')).toEqual([0, null]);
      const { came } = numbers(broker.url, { topics, clientId });
      expect(await firstValueFrom(came)).toBe(0);
    },
    20_000,
  );

  test.each([false, true])(
    'whose process is killed has lost nothing (thread: %s)',
    async (thread) => {
      const [topics, clientId] = [`killed/${thread}`, `killed-${thread}`];
      await leaveSession(broker.url, clientId, topics);
      await publish(broker.url, { topic: topics, count: 1_000, qos: 1 });
      const learned = await learnUntilKilled(broker.url, { topics, clientId, thread });
      expect(learned.length).toBeGreaterThanOrEqual(300);
      const missing = new Set(range(1_000));
      for (const n of learned) missing.delete(n);
      const { came } = numbers(broker.url, { topics, clientId });
      await firstValueFrom(
        came.pipe(
          filter((n) => {
            missing.delete(n);
            return missing.size === 0;
          }),
        ),
      );
    },
  );

  test('is shared by the members of a group: each message comes to one of them', async () => {
    const members = [false, true].map((thread) =>
      numbers(broker.url, { topics: 'shared/#', share: 'learners', thread }),
    );
    const parts: number[][] = [[], []];
    const all = new Promise<void>((resolve) => {
      for (const [k, { came }] of members.entries()) {
        const subscription = came.subscribe((n) => {
          parts[k]!.push(n);
          if (parts[0]!.length + parts[1]!.length === 1_000) resolve();
        });
        onTestFinished(() => subscription.unsubscribe());
      }
    });
    await Promise.all(members.map(({ connected }) => connected));
    await publish(broker.url, { topic: 'shared/rows', count: 1_000, qos: 1 });
    await all;
    expect(sorted(parts.flat())).toEqual(range(1_000));
    for (const part of parts) expect(part.length).toBeGreaterThan(0);
  });
});

/** Runs a program that knows `fromMqtt` in a process of its own. */
const runProgram = (program: string): ChildProcess => {
  const module = new URL('../../../../src/node/sources/mqtt/from-mqtt.ts', import.meta.url);
  const whole = `import { fromMqtt } from ${JSON.stringify(module.href)};${program}`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', whole];
  const cwd = fileURLToPath(new URL('../../../..', import.meta.url));
  return spawn(process.execPath, args, { cwd, stdio: 'inherit' });
};

/** Learns in a process of its own, which is killed in the middle; what it wrote that it learned. */
const learnUntilKilled = async (
  url: string,
  options: Pick<FromMqttOptions, 'topics' | 'clientId' | 'thread'>,
): Promise<number[]> => {
  const diary = Mosquitto.file('learned', '');
  const child = runProgram(`
    import { appendFileSync } from 'node:fs';
    let count = 0;
    fromMqtt(${JSON.stringify(url)}, ${JSON.stringify(options)}).subscribe(({ features }) => {
      appendFileSync(${JSON.stringify(diary)}, features.n + '\\n');
      if (++count === 300) process.kill(process.pid, 'SIGKILL');
    });`);
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
  return readFileSync(diary, 'utf8').trim().split('\n').map(Number);
};

describe.skipIf(!hasMosquitto())('over TLS', () => {
  let broker: Mosquitto;
  let url: string;
  let ca: string;
  beforeAll(async () => {
    const [key, cert] = [Mosquitto.file('key.pem', ''), Mosquitto.file('cert.pem', '')];
    const ask =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=127.0.0.1';
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', [...ask.split(' '), ...names, '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    ca = readFileSync(cert, 'utf8');
    broker = await Mosquitto.start(`allow_anonymous true\ncertfile ${cert}\nkeyfile ${key}`);
    url = broker.url.replace('mqtt:', 'mqtts:');
  });
  afterAll(() => broker.remove());

  test.each([false, true])(
    'messages come from a broker whose certificate is known (thread: %s)',
    async (thread) => {
      const { came, connected } = numbers(url, { topics: 'secret', tls: { ca }, thread });
      const all = lastValueFrom(came.pipe(take(300), toArray()));
      await connected;
      await publish(url, { topic: 'secret', count: 300, qos: 1, ca });
      expect(await all).toEqual(range(300));
    },
  );

  test('a certificate that nobody vouches for is refused, and the reason said', async () => {
    const { came } = numbers(url, { topics: 'secret', waitMs: 300 });
    await expect(firstValueFrom(came)).rejects.toThrow(
      /^no broker at mqtts:.*self-signed certificate/,
    );
  });

  test('a pipeline is heard there too', async () => {
    const { came, connected } = numbers(url, { topics: 'rivulet/events', tls: { ca } });
    const heard = firstValueFrom(came);
    await connected;
    const audience = toMqtt(url, { tls: { ca } });
    onTestFinished(() => audience.close());
    audience.event({ kind: 'drift', step: 7, message: 'changed', detail: {} });
    await heard;
  });
});
