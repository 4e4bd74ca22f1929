import { Readable } from 'node:stream';
import { connectAsync } from 'mqtt';
import * as mqttSources from '../../../src/node/sources/mqtt/index.ts';
import { fromReadable } from '../../../src/node/sources/readable.ts';
import type { ConnectionEvent } from '../../../src/sources/connection-event.ts';
import { hasMosquitto, Mosquitto } from '../../node/sources/mqtt/mosquitto.ts';
import { sourceSubjects } from '../source-subjects.ts';
import { type Attack, options, overHttp, rows, valuesOver } from './attacks.ts';
import { goodRecord, hostileItems, jsonItems } from './items.ts';
import type { Taken } from './taken.ts';

const newline = Buffer.from('\n');

const overMqtt = (thread: boolean) => async (taken: Taken) => {
  if (!hasMosquitto()) return 0;
  const broker = await Mosquitto.start();
  const items = hostileItems(1_500, jsonItems, 22);
  const connected: { resolve(): void } = { resolve() {} };
  const stands = new Promise<void>((resolve) => Object.assign(connected, { resolve }));
  const source = mqttSources.fromMqtt(broker.url, {
    ...{ ...options, topics: '#', thread, joinMs: 20, rejected: taken.rejected },
    events: {
      next: ({ kind }: ConnectionEvent) => void (kind === 'connected' && connected.resolve()),
    },
  });
  const all = taken.takeAll(source, items.length - 1);
  await stands;
  const publisher = await connectAsync(broker.url);
  for (const [i, item] of items.entries()) {
    publisher.publish(`t/${i % 9}`, item, { qos: i % 2 === 0 ? 1 : 0 });
    publisher.publish('good', goodRecord(i), { qos: 1 });
    if (i % 200 === 199) await publisher.publishAsync('pause', '{}', { qos: 1 });
  }
  await all;
  await publisher.endAsync(true);
  await broker.remove();
  return items.length;
};

/** Attacks on sources that are made in several ways, or that no index exports. */
const more: Readonly<Record<string, Attack>> = {
  // A Node stream ends at a null.
  fromReadable: valuesOver((values) =>
    fromReadable(Readable.from(values.filter((value) => value !== null && value !== undefined))),
  ),
  'fromHttp of CSV': async (taken) => {
    const { text, count } = rows(3_000, 37);
    await overHttp(taken, 'text/csv', text);
    return count;
  },
  'fromHttp of events': async (taken) => {
    const items = hostileItems(3_000, jsonItems, 38);
    const event = (data: Buffer): Buffer[] => [Buffer.from('data: '), data, newline, newline];
    const body = Buffer.concat(
      items.flatMap((item, i) => [...event(item), ...event(goodRecord(i))]),
    );
    await overHttp(taken, 'text/event-stream', body, items.length - 1);
    return items.length;
  },
  fromMqtt: overMqtt(false),
  'fromMqtt in a thread': overMqtt(true),
};

/** The attack on each source, by its name. */
export const attacks: ReadonlyMap<string, Attack | 'takes nothing from outside'> = new Map([
  ...[...sourceSubjects].map(([name, { attack }]) => [name, attack] as const),
  ...Object.entries(more),
]);

/** Files that read what comes from outside and are tried by a source alone. */
export const filesOfSources: readonly string[] = ['node/sources/sockets/from-web-socket.ts'];
