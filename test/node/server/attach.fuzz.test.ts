import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { initialRandom, type RandomMemory, randomInteger } from '../../../src/math/random.ts';
import { type Attachment, attach } from '../../../src/node/server/attach.ts';
import { broadcaster } from '../../../src/node/server/broadcaster.ts';
import { snapshotAt } from '../../broadcast/snapshots.ts';
import { ToyModel } from '../../broadcast/toy-model.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { eventually } from '../../eventually.ts';
import { Wire } from './wire.ts';

/** A look on a desk, all of it where every test must run, ten times as many at night. */
const count = process.env['NIGHTLY'] ? 1_000_000 : process.env['CI'] === 'true' ? 100_000 : 10_000;

/** Connections at once. */
const width = 100;

/** What memory may grow by once everything is as large as it gets. */
const growthMax = 4_000_000;

vi.setConfig({ testTimeout: 600_000 });

const pick = <T>(random: RandomMemory, from: readonly T[]): T =>
  from[randomInteger(random, from.length)]!;

const methods = [
  'GET',
  'GET',
  'GET',
  'POST',
  'HEAD',
  'OPTIONS',
  'PUT',
  'CONNECT',
  'get',
  'BREW',
  '',
];
const targets = [
  ...['/', '/v1', '/model', '/model/v1', '/other', '//', '///', '/v1/', '*', '?', '', 'x', '/\\'],
  ...['/v1/snapshot', '/v1/model?model=toy', '/v1/feed?producer=p&first=1', '/metrics', '/v2'],
  ...['/v1/feed?first=0', '/v1/feed?ack=durable', '/v1/asyncapi.json', '/v2/health/ready'],
  ...['/v2/models/toy/infer', '/v2/models/%ff/infer', '/v2/models/toy/versions/9', '/%00', '/%zz'],
  ...[
    'http://127.0.0.1/v2',
    'http://evil.example/',
    'http://[/',
    'https://',
    'ftp://x/',
    '//a@b:c/',
  ],
  ...['127.0.0.1:80', '/../../etc/passwd', '/%2e%2e%2f', '/index.html?%', `/${'a'.repeat(9_000)}`],
];
const versions = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/9',
  '',
];
const headers = [
  ...[
    'Host: 127.0.0.1',
    'Host: localhost:1',
    'Host: evil.example',
    'Host: [::1',
    'Host:',
    'Host: ,',
  ],
  ...['Origin: http://127.0.0.1', 'Origin: null', 'Origin: https://evil.example', 'Origin: //'],
  ...[
    'Connection: Upgrade',
    'Connection: close',
    'Connection: keep-alive, upgrade, x',
    'Connection:',
  ],
  ...[
    'Upgrade: websocket',
    'Upgrade: h2c',
    'Upgrade: websocket, h2c',
    'Upgrade:',
    'Upgrade: WebSocket',
  ],
  ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 8', 'Sec-WebSocket-Key: x'],
  ...[
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Extensions: permessage-deflate; x',
  ],
  ...[
    'Sec-WebSocket-Protocol: rivulet.v1',
    'Sec-WebSocket-Protocol: ,',
    'Sec-WebSocket-Protocol: a, a',
  ],
  ...[
    'Sec-WebSocket-Protocol: rivulet.v1, rivulet.bearer.%%%',
    'Authorization: Bearer',
    'Authorization: x',
  ],
  ...[
    'Authorization: Bearer right',
    'X-Forwarded-For: 1.2.3.4, x',
    'X-Forwarded-For: ::::',
    'Cookie: a=b',
  ],
  ...[
    'Content-Length: 20',
    'Content-Length: 99999999',
    'Content-Length: -1',
    'Content-Length: 2, 2',
  ],
  ...['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked, gzip', 'Transfer-Encoding: x'],
  ...[
    'Expect: 100-continue',
    'Expect: x',
    'HTTP2-Settings: AAMAAABkAAQAAP__',
    'TE: trailers',
    'Range: bytes=0-',
  ],
  ...[
    `X: ${'y'.repeat(20_000)}`,
    ': x',
    'no colon',
    ' folded',
    'A\u0000: b',
    'Accept-Encoding: \u00ff',
  ],
];
const right = [
  ...['Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  ...['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Protocol: rivulet.v1'],
];
const bodies = [
  ...[
    '',
    '{"x":[0,1],"y":[1]}\n',
    '5\r\nhello\r\n0\r\n\r\n',
    'ffffffffff\r\nx',
    '-1\r\n',
    '\u0000',
  ],
  ...['{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP64","data":[0,1]}]}', '[[[[', '\ufeff{}'],
  ...['GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', '\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
];

/** A request out of parts that are right, wrong and odd. */
const request = (random: RandomMemory): Buffer => {
  if (randomInteger(random, 2)) return damaged(random, fitting(random));
  const lines = [`${pick(random, methods)} ${pick(random, targets)} ${pick(random, versions)}`];
  if (randomInteger(random, 4)) lines.push('Host: 127.0.0.1');
  for (let left = randomInteger(random, 6); left > 0; left -= 1) lines.push(pick(random, headers));
  return damaged(random, `${lines.join('\r\n')}\r\n\r\n${pick(random, bodies)}`);
};

/** A request with a body that is as long as it says. */
const fitting = (random: RandomMemory): string => {
  const body = randomInteger(random, 10) ? pick(random, bodies) : 'x'.repeat(2_000);
  const posts = ['/v1/feed', '/v2/models/toy/infer', '/v1/feed?first=1', '/model/v1/feed'];
  const target = pick(random, randomInteger(random, 2) ? posts : targets);
  const lines = [
    `${pick(random, ['GET', 'POST', 'POST'])} ${target} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Content-Length: ${Buffer.byteLength(body, 'latin1')}`,
  ];
  if (randomInteger(random, 2)) lines.push('Authorization: Bearer right');
  if (randomInteger(random, 2)) lines.push(pick(random, headers));
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
};

/** An upgrade that is nearly right. */
const upgrade = (random: RandomMemory): Buffer => {
  const lines = right.filter(() => randomInteger(random, 12) > 0);
  for (let left = randomInteger(random, 3); left > 0; left -= 1) lines.push(pick(random, headers));
  const target = randomInteger(random, 2) ? pick(random, ['/', '/model']) : pick(random, targets);
  return damaged(random, `GET ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
};

/** One in four with some bytes replaced, left out or cut off. */
const damaged = (random: RandomMemory, text: string): Buffer => {
  let bytes = Buffer.from(text, 'latin1');
  if (randomInteger(random, 4)) return bytes;
  for (let left = 1 + randomInteger(random, 3); left > 0; left -= 1) {
    const at = randomInteger(random, Math.max(1, bytes.length));
    const kind = randomInteger(random, 3);
    if (kind === 0 && bytes.length > 0) bytes[at] = randomInteger(random, 256);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 3)]);
    else bytes = bytes.subarray(0, at);
  }
  return bytes;
};

const messages = [
  ...[
    '{"t":"hello","v":1}',
    '{"t":"hello","v":2}',
    '{"t":"hb"}',
    '{"t":"sub","id":1,"topic":"cost"}',
  ],
  ...[
    '{"t":"sub","id":2,"topic":"weights","enc":"q8"}',
    '{"t":"ack","sid":1,"seq":1}',
    '{"t":"x"}',
    '',
  ],
  ...[
    '{"t":"feed","id":3,"samples":[{"x":[0,1],"y":[1]}]}',
    '{"t":"predict","id":4,"x":[[0,1]]}',
    '{',
  ],
  ...[
    '{"t":"predict","id":5,"x":[[0]],"ids":["a"]}',
    '[]',
    'null',
    '{"t":"admin","id":6,"op":"reset"}',
  ],
];

/** A frame of a client (RFC 6455, 5.2), in which anything may be wrong. */
const frame = (random: RandomMemory): Buffer => {
  const isOdd = randomInteger(random, 3) === 0;
  const payload = isOdd
    ? Buffer.from(
        Array.from({ length: randomInteger(random, 130) }, () => randomInteger(random, 256)),
      )
    : Buffer.from(pick(random, messages));
  const opcode = isOdd ? randomInteger(random, 16) : 1;
  const first =
    opcode | (randomInteger(random, 12) ? 0x80 : 0) | (randomInteger(random, 40) ? 0 : 0x40);
  const mask = randomInteger(random, 20) ? 0x80 : 0;
  const length =
    payload.length < 126
      ? Buffer.from([mask | payload.length])
      : Buffer.from([mask | 126, payload.length >> 8, payload.length & 0xff]);
  const lie = Buffer.from([mask | 127, randomInteger(random, 256), 0, 0, 0, 0, 0, 0, 9]);
  const key = mask ? Buffer.alloc(4) : Buffer.alloc(0);
  return Buffer.concat([
    Buffer.from([first]),
    randomInteger(random, 30) ? length : lie,
    key,
    payload,
  ]);
};

const conversation = (random: RandomMemory, server: number): Buffer => {
  const head = `GET ${pick(random, server === 0 ? ['/', '/v1'] : ['/model', '/model/v1'])} HTTP/1.1\r\n${right.join('\r\n')}\r\n\r\n`;
  const frames = Array.from({ length: randomInteger(random, 6) }, () => frame(random));
  const hello = frame(initialRandom(1));
  return Buffer.concat([
    Buffer.from(head),
    ...(randomInteger(random, 4) ? [hello] : []),
    ...frames,
  ]);
};

let servers: Server[];
let attachments: Attachment[];
const uncaught: unknown[] = [];
const noteUncaught = (error: unknown): void => {
  uncaught.push(error);
};

beforeAll(() => {
  const toy = () => {
    const shown = broadcaster({ name: 'toy' });
    shown.publish(snapshotAt(7));
    const model = new ToyModel();
    vi.spyOn(model, 'feed').mockImplementation(async () => ({ step: 1, rejected: [] }));
    vi.spyOn(model, 'steer').mockImplementation(() => {});
    return { broadcaster: shown, model };
  };
  const limits = { helloMs: 50, bodyMs: 50, messageBytes: 1_000 };
  const own = createServer();
  const one = attach(own, toy(), { limits, trustProxy: true });
  own.on('request', (asked, response) => void one.handle(asked, response));
  const host = createServer((asked, response) => {
    const isTheirs = asked.url?.startsWith('/model');
    // As Express does below a path.
    if (isTheirs) asked.url = asked.url!.slice('/model'.length) || '/';
    if (isTheirs) void two.handle(asked, response);
    else response.end('own');
  });
  const two = attach(host, toy(), { limits, path: '/model', tokens: [{ token: 'right' }] });
  [servers, attachments] = [
    [own, host],
    [one, two],
  ];
  process.on('uncaughtExceptionMonitor', noteUncaught);
});

afterAll(async () => {
  process.off('uncaughtExceptionMonitor', noteUncaught);
  await Promise.all(attachments.map((attachment) => attachment.close()));
});

/** What is held after two collections: the first only finds what has a finalizer to be run. */
const held = (): number => {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const turn = (): Promise<void> => new Promise(setImmediate);

/** Sends what a generator makes over several connections, in pieces; returns the statuses that came. */
const drive = async (
  random: RandomMemory,
  cases: number,
  make: (random: RandomMemory, server: number) => Buffer,
): Promise<Map<string, number>> => {
  const seen = new Map<string, number>();
  for (let done = 0; done < cases; done += width) {
    const wires = Array.from({ length: width }, () => {
      const wire = new Wire().on('error', () => {});
      const server = randomInteger(random, 2);
      servers[server]!.emit('connection', wire);
      const bytes = make(random, server);
      const cut = randomInteger(random, 3) ? bytes.length : randomInteger(random, bytes.length + 1);
      wire.push(bytes.subarray(0, cut));
      if (cut < bytes.length) setImmediate(() => wire.destroyed || wire.push(bytes.subarray(cut)));
      return wire;
    });
    for (let i = 0; i < 4; i += 1) await turn();
    for (const wire of wires) {
      const status = /^HTTP\/1\.1 (\d+)/.exec(wire.answer)?.[1] ?? 'none';
      seen.set(status, (seen.get(status) ?? 0) + 1);
      wire.destroy();
    }
  }
  await turn();
  return seen;
};

test.each([
  ['request', 0.4, request, ['200', '204', '400', '403', '404', '405', '413', '431']],
  ['upgrade', 0.3, upgrade, ['101', '400', '401', '403', '404']],
  ['conversation', 0.3, conversation, ['101']],
] as const)(
  'no %s raises an error, keeps a descriptor or grows memory',
  async (_, share, make, expected) => {
    const random = initialRandom(1);
    const cases = count * share;
    const seen = await drive(random, cases / 5, make);
    const [before, open] = [held(), readdirSync('/proc/self/fd').length];
    for (const [status, times] of await drive(random, (cases * 4) / 5, make)) {
      seen.set(status, (seen.get(status) ?? 0) + times);
    }
    for (const attachment of attachments) {
      await eventually(() => expect(attachment.connectionCount).toBe(0));
      expect(attachment.hub.sessions.size).toBe(0);
    }
    expect(uncaught).toEqual([]);
    expect([...seen.keys()]).toEqual(expect.arrayContaining([...expected]));
    expect([...seen.keys()]).not.toContain('500');
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(open);
    await eventually(() => expect(held() - before).toBeLessThan(growthMax));
    // Whatever came, the servers answer.
    for (const server of servers) {
      const wire = new Wire();
      server.emit('connection', wire);
      wire.push('GET /model/v1/asyncapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
      await eventually(() => expect(wire.answer).toMatch(/^HTTP\/1\.1 (200|404) /));
      wire.destroy();
    }
  },
);
