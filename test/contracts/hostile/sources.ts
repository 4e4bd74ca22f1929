import { EventEmitter } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { connectAsync } from 'mqtt';
import { type Observable, take } from 'rxjs';
import { type WebSocket, WebSocketServer } from 'ws';
import * as nodeSources from '../../../src/node/sources/index.ts';
import * as mqttSources from '../../../src/node/sources/mqtt/index.ts';
import { fromReadable } from '../../../src/node/sources/readable.ts';
import type { ConnectionEvent } from '../../../src/sources/connection-event.ts';
import type { Example } from '../../../src/sources/example.ts';
import * as coreSources from '../../../src/sources/index.ts';
import { hasMosquitto, Mosquitto } from '../../node/sources/mqtt/mosquitto.ts';
import { cutAnywhere, goodRecord, hostileItems, jsonItems, rowItems } from './items.ts';
import type { Taken } from './taken.ts';
import { hostileValues } from './values.ts';

/** A source, and how hostile items come to it, each followed by a good one with its number. */
export type SourceSubject =
  /** Resolves with how many good items were given, when `taken` has taken all. */
  ((taken: Taken) => Promise<number>) | 'takes nothing from outside';

const options = { id: 'id', time: 'time' };
const newline = Buffer.from('\n');

const interleaved = (items: readonly Buffer[]): Buffer =>
  Buffer.concat(items.flatMap((item, i) => [item, newline, goodRecord(i), newline]));

/** Hostile lines that do not end what they are in: a first line decides what the file is. */
const lines = (count: number, seed: number): { text: Buffer; count: number } => {
  const items = hostileItems(count, jsonItems, seed);
  return {
    text: Buffer.concat([Buffer.from('{"a":1}\n'), interleaved(items)]),
    count: items.length,
  };
};

const stream = (bytes: Buffer, seed: number): Readable =>
  Readable.from(cutAnywhere(bytes, seed), { objectMode: true });

/** Rows without quotes, which would take the next rows with them. */
const rows = (count: number, seed: number): { text: Buffer; count: number } => {
  const items = hostileItems(count, rowItems, seed).map((item) =>
    Buffer.from(item.toString('latin1').replaceAll('"', "'"), 'latin1'),
  );
  const header = Buffer.from('marker,a,b,id,time,target\n');
  const good = (i: number): Buffer => Buffer.from(`${i},1,2,,,good`);
  const parts = items.flatMap((item, i) => [item, newline, good(i), newline]);
  return { text: Buffer.concat([header, ...parts]), count: items.length };
};

const listening = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });

const close = (server: Server): void => {
  server.close();
  server.closeAllConnections();
};

/** Serves a body in pieces, and takes all that the source makes of it. */
const overHttp = async (taken: Taken, type: string, body: Buffer, last?: number): Promise<void> => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': type });
    for (const piece of cutAnywhere(body, 20, 1 << 15)) response.write(piece);
    response.end();
  });
  const url = `http://${await listening(server)}/`;
  await taken.takeAll(nodeSources.fromHttp(url, { ...options, rejected: taken.rejected }), last);
  close(server);
};

const isUtf8 = (bytes: Buffer): boolean => Buffer.from(bytes.toString()).equals(bytes);

const overWebSocket = async (taken: Taken): Promise<number> => {
  const items = hostileItems(3_000, jsonItems, 21);
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const send = (socket: WebSocket): void => {
    for (const [i, item] of items.entries()) {
      // Text that is not UTF-8 ends a connection, as RFC 6455 has it.
      socket.send(item, { binary: !isUtf8(item) });
      socket.send(goodRecord(i), { binary: false });
    }
  };
  sockets.on('connection', send);
  const url = `ws://${await listening(server)}/`;
  const size = 10 * items.length;
  const source = nodeSources.fromWebSocket(url, { ...options, size, rejected: taken.rejected });
  await taken.takeAll(source, items.length - 1);
  close(server);
  return items.length;
};

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

const overTail = async (taken: Taken): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-hostile-'));
  const path = join(folder, 'log.ndjson');
  const items = hostileItems(2_000, jsonItems, 23);
  writeFileSync(path, '{"a":1}\n');
  const all = taken.takeAll(
    nodeSources.tail(path, { ...options, rejected: taken.rejected }),
    items.length - 1,
  );
  for (const piece of cutAnywhere(interleaved(items), 24, 1 << 16)) appendFileSync(path, piece);
  await all;
  rmSync(folder, { recursive: true });
  return items.length;
};

const valuesOver =
  (open: (values: readonly unknown[]) => Observable<unknown>) =>
  async (taken: Taken): Promise<number> => {
    const { values, count } = hostileValues(4_000);
    await taken.takeAll(open(values) as Observable<Example>, count - 1);
    return count;
  };

/** What an object emits once it is listened to. */
const emitted = (values: readonly unknown[]): Observable<unknown> => {
  const emitter = new EventEmitter();
  setImmediate(() => {
    for (const value of values) emitter.emit('value', value);
  });
  return coreSources.fromEmitter(emitter, 'value');
};

const dispatched = (values: readonly unknown[]): Observable<unknown> => {
  const target = new EventTarget();
  setImmediate(() => {
    for (const detail of values) target.dispatchEvent(new CustomEvent('value', { detail }));
  });
  const toValue = ({ detail }: CustomEvent<unknown>): unknown => detail ?? { features: null };
  return coreSources.fromEventTarget(target as never, 'value', toValue as never);
};

const nothing = 'takes nothing from outside';

/** Every source that the package exports. One that is missing fails the suite. */
export const sources: Record<
  | keyof typeof coreSources
  | keyof typeof nodeSources
  | Extract<keyof typeof mqttSources, `from${string}`>
  | 'fromReadable'
  | 'fromMqtt in a thread'
  | 'fromHttp of events'
  | 'fromHttp of CSV',
  SourceSubject
> = {
  digits: nothing,
  digitExamples: nothing,
  agrawal: nothing,
  friedman: nothing,
  hyperplane: nothing,
  led: nothing,
  randomRbf: nothing,
  sea: nothing,
  host: async (taken) => {
    // Its sensors are read as they are; their readers are tried with hostile files.
    await taken.takeAll(nodeSources.host({ everyMs: 20, aheadSeconds: 0.02 }).pipe(take(2)));
    return 0;
  },
  fromAsyncIterable: valuesOver((values) => coreSources.fromAsyncIterable(values)),
  fromEmitter: valuesOver(emitted),
  fromEventTarget: valuesOver(dispatched),
  // A Node stream ends at a null.
  fromReadable: valuesOver((values) =>
    fromReadable(Readable.from(values.filter((value) => value !== null && value !== undefined))),
  ),
  ndjson: async (taken) => {
    const { text, count } = lines(4_000, 30);
    await taken.takeAll(
      nodeSources.ndjson(stream(text, 31), { ...options, rejected: taken.rejected }),
    );
    return count;
  },
  records: async (taken) => {
    const { text, count } = lines(4_000, 32);
    await taken.takeAll(
      nodeSources.records(stream(text, 33), { ...options, rejected: taken.rejected }),
    );
    return count;
  },
  csv: async (taken) => {
    const { text, count } = rows(6_000, 34);
    await taken.takeAll(
      nodeSources.csv(stream(text, 35), { ...options, rejected: taken.rejected }),
    );
    return count;
  },
  tail: overTail,
  fromHttp: async (taken) => {
    const { text, count } = lines(3_000, 36);
    await overHttp(taken, 'application/x-ndjson', text);
    return count;
  },
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
  fromWebSocket: overWebSocket,
  fromMqtt: overMqtt(false),
  'fromMqtt in a thread': overMqtt(true),
};

/** Files that read what comes from outside and are tried by a source alone. */
export const filesOfSources: readonly string[] = ['node/sources/sockets/from-web-socket.ts'];
