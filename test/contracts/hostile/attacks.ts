import { EventEmitter } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Observable } from 'rxjs';
import { type WebSocket, WebSocketServer } from 'ws';
import * as nodeSources from '../../../src/node/sources/index.ts';
import type { Example } from '../../../src/sources/example.ts';
import * as coreSources from '../../../src/sources/index.ts';
import { cutAnywhere, goodRecord, hostileItems, jsonItems, rowItems } from './items.ts';
import type { Taken } from './taken.ts';
import { hostileValues } from './values.ts';

/**
 * Gives a source hostile items, each followed by a good one with its number. Resolves with how many good
 * items were given, when `taken` has taken all.
 */
export type Attack = (taken: Taken) => Promise<number>;

/** The names of the fields that the good items have. */
export const options = { id: 'id', time: 'time' };
const newline = Buffer.from('\n');

const interleaved = (items: readonly Buffer[]): Buffer =>
  Buffer.concat(items.flatMap((item, i) => [item, newline, goodRecord(i), newline]));

/** Hostile lines that do not end what they are in: a first line decides what the file is. */
export const lines = (count: number, seed: number): { text: Buffer; count: number } => {
  const items = hostileItems(count, jsonItems, seed);
  return {
    text: Buffer.concat([Buffer.from('{"a":1}\n'), interleaved(items)]),
    count: items.length,
  };
};

/** A Node stream of bytes, cut anywhere. */
export const stream = (bytes: Buffer, seed: number): Readable =>
  Readable.from(cutAnywhere(bytes, seed), { objectMode: true });

/** Rows without quotes, which would take the next rows with them. */
export const rows = (count: number, seed: number): { text: Buffer; count: number } => {
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
export const overHttp = async (
  taken: Taken,
  type: string,
  body: Buffer,
  last?: number,
): Promise<void> => {
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

/** Hostile messages of a WebSocket. */
export const overWebSocket = async (taken: Taken): Promise<number> => {
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

/** Hostile lines of a file that grows. */
export const overTail = async (taken: Taken): Promise<number> => {
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

/** Hostile values of a source that `open` makes of them. */
export const valuesOver =
  (open: (values: readonly unknown[]) => Observable<unknown>) =>
  async (taken: Taken): Promise<number> => {
    const { values, count } = hostileValues(4_000);
    await taken.takeAll(open(values) as Observable<Example>, count - 1);
    return count;
  };

/** What an object emits once it is listened to. */
export const emitted = (values: readonly unknown[]): Observable<unknown> => {
  const emitter = new EventEmitter();
  setImmediate(() => {
    for (const value of values) emitter.emit('value', value);
  });
  return coreSources.fromEmitter(emitter, 'value');
};

/** What a target dispatches once it is listened to. */
export const dispatched = (values: readonly unknown[]): Observable<unknown> => {
  const target = new EventTarget();
  setImmediate(() => {
    for (const detail of values) target.dispatchEvent(new CustomEvent('value', { detail }));
  });
  const toValue = ({ detail }: CustomEvent<unknown>): unknown => detail ?? { features: null };
  return coreSources.fromEventTarget(target as never, 'value', toValue as never);
};
