import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { lastValueFrom, type Observable, take, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import * as nodeSources from '../../src/node/sources/index.ts';
import * as sources from '../../src/sources/index.ts';

let csvFile: string;
const server = createServer((request, response) => {
  if (request.url === '/rows') response.end('a,target\n1,2\n3,4\n5,6\n');
  else response.writeHead(410, 'broken').end();
});
const port = (): number => (server.address() as AddressInfo).port;
new WebSocketServer({ server }).on('connection', (socket) => {
  for (const a of [1, 2, 3]) socket.send(JSON.stringify({ a }));
});

beforeAll(async () => {
  csvFile = join(mkdtempSync(join(tmpdir(), 'rivulet-sources-')), 'rows.csv');
  writeFileSync(csvFile, 'a,target\n1,2\n3,4\n5,6\n');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  rmSync(dirname(csvFile), { recursive: true });
  server.close();
  server.closeAllConnections();
});

/** What the suite must know of a source to try it; a source has no uniform way to be made. */
interface Subject {
  /** A source of at least three values. */
  make(): Observable<unknown>;
  /** The same source, made to fail with 'broken' after some values. Absent: it has no way to. */
  makeBroken?(): Observable<unknown>;
  /** What must happen outside for values to come: once a subscription is there. */
  drive?(): void;
  /** Whether nothing of the source is left open. */
  isClosed?(): boolean;
  /** A live source does not complete by itself, and differs each time. */
  readonly isLive?: boolean;
}

const broken = function* (): Generator<number> {
  yield 1;
  throw new Error('broken');
};

const emitter = new EventEmitter();
const target = new EventTarget();
const targetListeners = new Set<unknown>();
const watchedTarget = {
  addEventListener(type: string, listener: (event: Event) => void) {
    targetListeners.add(listener);
    target.addEventListener(type, listener);
  },
  removeEventListener(type: string, listener: (event: Event) => void) {
    targetListeners.delete(listener);
    target.removeEventListener(type, listener);
  },
};

const csvText = (): Readable => Readable.from([Buffer.from('a,target\n1,2\n3,4\n5,6\n')]);
const jsonText = (): Readable => Readable.from([Buffer.from('{"a":1}\n{"a":2}\n{"a":3}\n')]);
const brokenText = (): Readable => {
  const stream = csvText();
  stream.on('data', () => stream.destroy(new Error('broken')));
  return stream;
};
const subjects: Record<keyof typeof sources | keyof typeof nodeSources, Subject> = {
  digits: { make: () => sources.digits({ passes: 1 }) },
  digitExamples: { make: () => sources.digitExamples({ passes: 1 }) },
  agrawal: { make: () => sources.agrawal({ count: 5 }) },
  friedman: { make: () => sources.friedman({ count: 5 }) },
  hyperplane: { make: () => sources.hyperplane({ count: 5 }) },
  led: { make: () => sources.led({ count: 5 }) },
  randomRbf: { make: () => sources.randomRbf({ count: 5 }) },
  sea: { make: () => sources.sea({ count: 5 }) },
  fromAsyncIterable: {
    make: () => sources.fromAsyncIterable([1, 2, 3, 4]),
    makeBroken: () => sources.fromAsyncIterable(broken()),
  },
  fromEmitter: {
    make: () => sources.fromEmitter(emitter, 'value', { endEvent: 'end' }),
    makeBroken: () => sources.fromEmitter(emitter, 'value'),
    drive() {
      for (const value of [1, 2, 3]) emitter.emit('value', value);
      if (emitter.listenerCount('end') > 0) emitter.emit('end');
      else if (emitter.listenerCount('error') > 0) emitter.emit('error', new Error('broken'));
    },
    isClosed: () => emitter.eventNames().length === 0,
  },
  fromEventTarget: {
    make: () => sources.fromEventTarget(watchedTarget, 'move', (event) => event.type),
    drive() {
      for (let i = 0; i < 3; i += 1) target.dispatchEvent(new Event('move'));
    },
    isClosed: () => targetListeners.size === 0,
    isLive: true,
  },
  csv: {
    make: () => nodeSources.csv(csvText()),
    makeBroken: () => nodeSources.csv(brokenText()),
  },
  ndjson: {
    make: () => nodeSources.ndjson(jsonText()),
    makeBroken: () => nodeSources.ndjson(brokenText()),
  },
  records: {
    make: () => nodeSources.records(csvText()),
    makeBroken: () => nodeSources.records(brokenText()),
  },
  tail: { make: () => nodeSources.tail(csvFile), isLive: true },
  fromHttp: {
    make: () => nodeSources.fromHttp(`http://127.0.0.1:${port()}/rows`),
    makeBroken: () => nodeSources.fromHttp(`http://127.0.0.1:${port()}/broken`),
  },
  fromWebSocket: {
    make: () => nodeSources.fromWebSocket(`ws://127.0.0.1:${port()}/`),
    isLive: true,
  },
  host: { make: () => nodeSources.host({ everyMs: 20, aheadSeconds: 0.02 }), isLive: true },
};

const names = [...Object.keys(sources), ...Object.keys(nodeSources)] as (keyof typeof subjects)[];

describe.each(names)('%s', (name) => {
  const subject: Subject = subjects[name];
  const collect = <T>(values: Observable<T>): Promise<T[]> => {
    const all = lastValueFrom(values.pipe(toArray()));
    subject.drive?.();
    return all;
  };

  test('is known to this suite', () => {
    expect(subject).toBeDefined();
  });

  test('is cold: making it does nothing', () => {
    subject.make();
    expect(subject.isClosed?.() ?? true).toBe(true);
  });

  if (!subject?.isLive)
    test('completes, and another subscription starts anew', async () => {
      const first = await collect(subject.make());
      expect(first.length).toBeGreaterThanOrEqual(3);
      expect(await collect(subject.make())).toEqual(first);
    });

  test('unsubscribing stops it, and leaves nothing open', async () => {
    expect(await collect(subject.make().pipe(take(2)))).toHaveLength(2);
    expect(subject.isClosed?.() ?? true).toBe(true);
  });

  if (subject?.makeBroken)
    test('an error passes', async () => {
      await expect(collect(subject.makeBroken!())).rejects.toThrow('broken');
      expect(subject.isClosed?.() ?? true).toBe(true);
    });
});
