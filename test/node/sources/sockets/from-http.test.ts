import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { firstValueFrom, lastValueFrom, map, take, tap, toArray } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { EventStreamReader, fromHttp } from '../../../../src/node/sources/sockets/from-http.ts';
import { SourcePlace } from '../../../../src/node/sources/source-place.ts';
import type { SourcePosition } from '../../../../src/snapshot/checkpoint.ts';
import type { ConnectionEvent } from '../../../../src/sources/connection-event.ts';
import { Governor } from '../../../../src/stream/governor.ts';
import type { Rejection } from '../../../../src/stream/rejection.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, visit: number) => void;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const serving = async (handler: Handler): Promise<string> => {
  let visits = 0;
  const server = createServer((request, response) => {
    visits += 1;
    handler(request, response, visits);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};

test('an event stream is read as the standard says', () => {
  const reader = new EventStreamReader();
  const text = ': hello\nretry: 1500\nid: 7\nevent: x\ndata: {"a":\ndata:1}\n\ndata\n\nid\n\n';
  const events = [...text].flatMap((character) => reader.push(character));
  expect(events.map(({ data, id }) => [data, id])).toEqual([
    ['{"a":\n1}', '7'],
    ['', '7'],
  ]);
  expect([reader.retryMs, reader.lastId]).toEqual([1500, '']);
});

test.each(['\n', '\r\n', '\r'])('a line ends with %j, in one piece or in many', (end) => {
  const text = ['id: 7', 'data: a', 'data: b', '', 'data: c', '', ''].join(end);
  for (const pieces of [[text], [...text]]) {
    const reader = new EventStreamReader();
    const events = pieces.flatMap((piece) => reader.push(piece));
    expect(events.map(({ data, line }) => [data, line])).toEqual([
      ['a\nb', 4],
      ['c', 6],
    ]);
  }
});

test('an event of endless data fills no memory, and is said to be too long', () => {
  const reader = new EventStreamReader();
  const line = `data: ${'x'.repeat(1 << 16)}\n`;
  for (let i = 0; i < 1_000; i += 1) expect(reader.push(line)).toEqual([]);
  expect(reader.push('\n')).toMatchObject([{ data: '', isTooLong: true }]);
  expect(reader.push('data: 1\n\n')).toMatchObject([{ data: '1', isTooLong: false }]);
});

test('lines without data count, too', () => {
  const reader = new EventStreamReader();
  for (let i = 0; i < 20; i += 1) reader.push('data\n'.repeat(1 << 16));
  expect(reader.push('\n')).toMatchObject([{ data: '', isTooLong: true }]);
});

test('while its governor is paused nothing comes, and nothing is left out', async () => {
  const url = await serving((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let i = 0; i < 100; i += 1) response.write(`data: {"a":${i}}\n\n`);
  });
  const governor = new Governor();
  const seen: unknown[] = [];
  const all = lastValueFrom(
    fromHttp(url, { governor }).pipe(
      take(100),
      tap(({ features }) => {
        expect(governor.isPaused).toBe(false);
        if (seen.push(features['a']) % 30 === 0) setTimeout(governor.hold(), 5);
      }),
    ),
  );
  await all;
  expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

test('events come as examples, through a reconnection that names the last id', async () => {
  const asked: (string | undefined)[] = [];
  const url = await serving((request, response, visit) => {
    asked.push(request.headers['last-event-id'] as string | undefined);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`id: ${visit}\ndata: {"a":${visit},"target":0}\n\n`);
    setTimeout(() => response.destroy(), 30);
  });
  const events: ConnectionEvent['kind'][] = [];
  const source = fromHttp(url, { events: { next: ({ kind }) => events.push(kind) } });
  const examples = await lastValueFrom(source.pipe(take(3), toArray()));
  expect(examples.map(({ id, features }) => [id, features['a']])).toEqual([
    ['1', 1],
    ['2', 2],
    ['3', 3],
  ]);
  expect(asked.slice(0, 3)).toEqual([undefined, '1', '2']);
  expect(events.slice(0, 3)).toEqual(['connected', 'lost', 'connected']);
});

/** A server that stores its events, and sends those after the requested id. */
const keeping = (texts: readonly string[], first: string): Handler => {
  const whole = (from: number): string => texts.slice(from).join('');
  return (request, response, visit) => {
    const from = Number(numberIn(request.headers['last-event-id']) ?? 0);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (visit > 1) response.write(whole(from));
    else response.write(first, () => setTimeout(() => response.destroy(), 30));
  };
};

const numberIn = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? /\d+/.exec(header)?.[0] : undefined;

test.each([
  ['within a name', 'data: {"a": 3, "targ'],
  ['within a value', 'data: {"a": 3'],
  ['after an id', 'id: 3\n'],
  ['within an id', 'id: 3'],
  ['before the blank line', 'id: 3\ndata: {"a": 3, "target": 0}\n'],
  ['within a wish', 'retry: 1'],
  ['within a comment', ': still h'],
])('a connection that is cut %s loses and garbles nothing', async (_where, rest) => {
  const texts = [1, 2, 3, 4, 5].map((a) => `id: ${a}\ndata: {"a": ${a},\ndata: "target": 0}\n\n`);
  const url = await serving(keeping(texts, texts.slice(0, 2).join('') + rest));
  const rejections: Rejection[] = [];
  const rejected = { next: (rejection: Rejection) => rejections.push(rejection) };
  const examples = await lastValueFrom(fromHttp(url, { rejected }).pipe(take(5), toArray()));
  expect(examples.map(({ id, features }) => [id, features])).toEqual(
    [1, 2, 3, 4, 5].map((a) => [`${a}`, { a }]),
  );
  expect(rejections).toEqual([]);
});

test('an id is given back as the UTF-8 that it came as, and a blank line sets it without an event', async () => {
  const asked: (string | undefined)[] = [];
  const url = await serving((request, response, visit) => {
    const header = request.headers['last-event-id'] as string | undefined;
    asked.push(header && Buffer.from(header, 'latin1').toString());
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    // The last has no id of its own.
    response.write(visit === 1 ? 'id: größe €\n\n' : `data: {"a":${visit}}\n\n`);
    setTimeout(() => response.destroy(), 30);
  });
  const examples = await lastValueFrom(fromHttp(url).pipe(take(2), toArray()));
  expect(examples.map(({ id }) => id)).toEqual(['größe €', 'größe €']);
  expect(asked.slice(0, 3)).toEqual([undefined, 'größe €', 'größe €']);
});

test('an event that is not a record is rejected, and the stream continues', async () => {
  const url = await serving((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: nonsense\n\ndata: {"a":1}\n\n');
  });
  const rejections: Rejection[] = [];
  const rejected = { next: (rejection: Rejection) => rejections.push(rejection) };
  const example = await firstValueFrom(fromHttp(url, { rejected }));
  expect(example.features).toEqual({ a: 1 });
  expect(rejections[0]).toMatchObject({ code: 'parse', index: 2 });
});

test('lines of JSON and gzipped CSV complete at their end', async () => {
  const url = await serving((request, response) => {
    if (request.url === '/json') response.end('{"a":1}\n{"a":2}\n');
    else response.end(gzipSync('a,target\n3,4\n'));
  });
  const all = (path: string) => lastValueFrom(fromHttp(`${url}${path}`).pipe(toArray()));
  expect(await all('json')).toEqual([
    { features: { a: 1 }, line: 1 },
    { features: { a: 2 }, line: 2 },
  ]);
  expect(await all('csv')).toEqual([{ features: { a: 3 }, target: 4, line: 2 }]);
});

test('a server that is not ready is tried again, one that says no is not', async () => {
  const url = await serving((request, response, visit) => {
    if (request.url === '/gone') response.writeHead(404).end();
    else if (visit < 3) response.writeHead(503).end();
    else response.end('{"a":1}\n');
  });
  expect((await firstValueFrom(fromHttp(url))).features).toEqual({ a: 1 });
  await expect(firstValueFrom(fromHttp(`${url}gone`))).rejects.toThrow('/gone answers 404');
});

test('a server that is absent is given up after a while', async () => {
  const url = await serving(() => {});
  for (const close of closers.splice(0)) close();
  await expect(firstValueFrom(fromHttp(url, { waitMs: 300 }))).rejects.toThrow(
    `nothing at ${url} in 0.3 s: ECONNREFUSED`,
  );
});

test('unsubscribing closes the connection, also while nothing comes', async () => {
  let isClosed = false;
  const url = await serving((request, response) => {
    request.on('close', () => (isClosed = true));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"a":1}\n\n');
  });
  await firstValueFrom(fromHttp(url));
  while (!isClosed) await new Promise((resolve) => setTimeout(resolve, 5));
});

describe('after a restart', () => {
  /** Takes `count` rows, and stops; returns the offset, as a checkpoint has it. */
  const taking = async (url: string, count: number, from?: Omit<SourcePosition, 'name'>) => {
    const place = new SourcePlace();
    if (from) place.startFrom(from);
    const rejections: Rejection[] = [];
    const rejected = {
      next(rejection: Rejection) {
        if (place.refuse()) rejections.push(rejection);
      },
    };
    const examples = await lastValueFrom(
      fromHttp(url, { rejected, place }).pipe(
        place.passing(),
        place.counting(),
        take(count),
        map(({ features }) => features['a']),
        toArray(),
      ),
    );
    const position: Omit<SourcePosition, 'name'> = JSON.parse(JSON.stringify(place.position));
    return { examples, position, rejections };
  };

  test('an event stream is asked for what came after the last consumed event', async () => {
    const texts = [1, 2, 3, 4, 5].map((a) => `id: ${a}\ndata: {"a": ${a}}\n\n`);
    texts[2] = 'id: 3\ndata: bad\n\n';
    const whole = (request: IncomingMessage) =>
      texts.slice(Number(numberIn(request.headers['last-event-id']) ?? 0)).join('');
    const asked: unknown[] = [];
    const url = await serving((request, response) => {
      asked.push(request.headers['last-event-id']);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(whole(request));
    });
    // All five come at once, of which one is consumed.
    const first = await taking(url, 1);
    expect(first).toMatchObject({ examples: [1], position: { since: { after: '1' } } });
    const second = await taking(url, 1, first.position);
    // What was refused before anybody turned away has its place too.
    expect(second).toMatchObject({ examples: [2], position: { since: { after: '3' } } });
    expect(second.rejections).toHaveLength(1);
    const third = await taking(url, 2, second.position);
    expect(third).toMatchObject({ examples: [4, 5], rejections: [] });
    expect(asked).toEqual([undefined, '1', '3']);
  });

  test('as many lines are skipped as were consumed or rejected', async () => {
    const url = await serving((_request, response) => {
      response.end('{"a":1}\nbad\n{"a":2}\n{"a":3}\nbad\n{"a":4}\n');
    });
    const first = await taking(url, 2);
    expect(first.examples).toEqual([1, 2]);
    const second = await taking(url, 9, first.position);
    expect(second.examples).toEqual([3, 4]);
    expect([...first.rejections, ...second.rejections]).toHaveLength(2);
    expect((await taking(url, 9, second.position)).examples).toEqual([]);
  });

  test('lines of which the first are others are all taken', async () => {
    const url = await serving((_request, response, visit) => {
      response.end(`a,target\n${visit}0,0\n${visit}1,0\n${visit}2,0\n`);
    });
    const first = await taking(url, 2);
    const second = await taking(url, 9, first.position);
    expect([first.examples, second.examples]).toEqual([
      [10, 11],
      [20, 21, 22],
    ]);
  });

  test('lines after a broken connection are skipped when they come again, if the offset is known', async () => {
    const url = await serving((_request, response, visit) => {
      if (visit > 1) response.end('{"a":1}\n{"a":2}\n{"a":3}\n');
      else response.write('{"a":1}\n{"a":2}\n{"a"', () => setTimeout(() => response.destroy(), 30));
    });
    expect((await taking(url, 9)).examples).toEqual([1, 2, 3]);
  });
});

test('an id that no header can hold is ignored: the id before it is requested', async () => {
  const asked: unknown[] = [];
  const url = await serving((request, response, visit) => {
    asked.push(request.headers['last-event-id']);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const ids = ['7', 'a\u0001b', '\u007f', 'x'.repeat(2_000)];
    response.write(ids.map((id) => `id: ${id}\ndata: {"a":${visit}}\n\n`).join(''));
    setTimeout(() => response.destroy(), 30);
  });
  const examples = await lastValueFrom(fromHttp(url).pipe(take(8), toArray()));
  expect(new Set(examples.map(({ id }) => id))).toEqual(new Set(['7']));
  expect(asked.slice(0, 2)).toEqual([undefined, '7']);
});

test('a server that asks for a retry in a day is retried after retryMsMax', async () => {
  const url = await serving((_request, response, visit) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`retry: 99999999\ndata: {"a":${visit}}\n\n`);
    setTimeout(() => response.destroy(), 10);
  });
  const examples = await lastValueFrom(fromHttp(url, { retryMsMax: 10 }).pipe(take(2), toArray()));
  expect(examples.map(({ features }) => features)).toEqual([{ a: 1 }, { a: 2 }]);
  expect(() => fromHttp(url, { retryMsMax: -1 })).toThrow(RangeError);
});

test('204 completes an event stream, with what came before', async () => {
  const url = await serving((_request, response, visit) => {
    if (visit > 1) {
      response.writeHead(204).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end('data: {"a":1}\n\n');
  });
  const examples = await lastValueFrom(fromHttp(url).pipe(toArray()));
  expect(examples).toEqual([{ features: { a: 1 } }]);
});

test.each([
  ['rows', 'application/x-ndjson', '{"a":1}\n{"a":'],
  ['comments', 'text/event-stream', ': only a comment\n\n'],
  ['an event with one id', 'text/event-stream', 'id: 7\ndata: {"a":1}\n\n'],
])('a server that breaks %s off without anything new is given up', async (_what, type, text) => {
  const attempts: number[] = [];
  const url = await serving((_request, response, visit) => {
    attempts.push(visit);
    response.writeHead(200, { 'content-type': type });
    response.write(text, () => setTimeout(() => response.destroy(), 5));
  });
  const source = fromHttp(url, { attemptsMax: 2 });
  await expect(lastValueFrom(source)).rejects.toThrow(`gave up ${url} after 2 attempts`);
  // Rows that came the first time were new.
  expect(attempts).toHaveLength(3);
});

test('a connection that brings something new each time is made again quickly, however often', async () => {
  const url = await serving((_request, response, visit) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: {"a":${visit}}\n\n`, () => setTimeout(() => response.destroy(), 5));
  });
  const source = fromHttp(url, { attemptsMax: 1 });
  expect(await lastValueFrom(source.pipe(take(4), toArray()))).toHaveLength(4);
});
