import { config, type Observable, Subject } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { crc32 } from '../../src/broadcast/crc32.ts';
import { encodeHeader } from '../../src/broadcast/frame.ts';
import { encodeQ8 } from '../../src/broadcast/quantize.ts';
import { encodeXor } from '../../src/broadcast/xor.ts';
import { type ConnectionState, connect, type FedSample } from '../../src/client/index.ts';
import { initialRandom, type RandomMemory, randomInteger } from '../../src/math/random.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { type PretendSocket, pretendSockets } from './pretend-socket.ts';
import { serverExamples } from './server-examples.ts';

/** A million at night. */
const count = process.env['NIGHTLY'] ? 1_000_000 : 100_000;

vi.setConfig({ testTimeout: 300_000 });
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  config.onUnhandledError = null;
});

const topics = ['cost', 'metrics', 'weights', 'predictions', 'events', 'errors'] as const;

/** All but the welcome, which comes once in a connection. */
const examples = serverExamples.slice(1).map((text) => JSON.parse(text) as Record<string, unknown>);

const params = 9;
const model = {
  ...{ name: 'm', schema: '', params },
  tensors: [
    { name: 'W', shape: [2, 3], offset: 0 },
    { name: 'b', shape: [3], offset: 6 },
  ],
};
const payloads = [
  [1, new Uint8Array(4 * params)],
  [2, encodeQ8(new Float32Array(params), new Float32Array(params).fill(0.5), [6, 3])!],
  [3, encodeXor(new Float32Array(params), new Float32Array(params).fill(0.5))],
] as const;

const values = [null, true, '', 'x'.repeat(50), 0, 1, -1, 0.5, 2 ** 31, 1e12, 1e300, [], {}, [{}]];

/** A choice of a list. */
const any = <Value>(random: RandomMemory, of: readonly Value[]): Value =>
  of[randomInteger(random, of.length)]!;

/** Replaces some part of a value, at any depth. */
const mutated = (random: RandomMemory, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || randomInteger(random, 4) === 0) {
    return any(random, values);
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return value;
  const key = any(random, keys);
  const part = (value as Record<string, unknown>)[key];
  const other = mutated(random, part);
  if (Array.isArray(value)) return value.map((element, i) => (String(i) === key ? other : element));
  return { ...value, [key]: randomInteger(random, 6) === 0 ? undefined : other };
};

/** A message that fits to what the client asked, or nearly. */
const fitting = (random: RandomMemory, socket: PretendSocket, sid: number): object => {
  const message = { ...any(random, examples) };
  const asked = any(random, socket.sent.slice(-8));
  if (typeof message['id'] === 'number' && asked?.['id'] !== undefined) message['id'] = asked['id'];
  // Subscriptions have the number of their topic here.
  const topic = topics.indexOf(message['t'] as (typeof topics)[number]);
  if ('sid' in message) message['sid'] = topic >= 0 && randomInteger(random, 99) ? topic + 1 : sid;
  if ('prev' in message) message['prev'] = randomInteger(random, 3);
  if ('seq' in message) message['seq'] = randomInteger(random, 3);
  if (message['t'] === 'model') message['model'] = model;
  return message;
};

const text = (random: RandomMemory, socket: PretendSocket, sid: number): string => {
  const message = fitting(random, socket, sid);
  const kind = randomInteger(random, 200);
  if (kind > 3) return JSON.stringify(message);
  if (kind > 1) return JSON.stringify(mutated(random, message)) ?? '';
  const whole = JSON.stringify(message);
  const at = randomInteger(random, whole.length);
  const odd = any(random, ['null', '1e999', '"', '{', '[', '__proto__', '']);
  return whole.slice(0, at) + odd + whole.slice(at + randomInteger(random, 6));
};

const frame = (random: RandomMemory, sid: number): ArrayBuffer => {
  const [kind, whole] = any(random, payloads);
  const payload = whole.slice();
  const flips = randomInteger(random, 3);
  for (let i = 0; i < flips; i += 1)
    payload[randomInteger(random, payload.length)] = randomInteger(random, 256);
  const [seq, prev] = [randomInteger(random, 3), randomInteger(random, 3)];
  const body = { kind, dtype: 0, epochTag: '0'.repeat(16), seq, step: 1, at: 0, params };
  const header = encodeHeader({ ...body, crc: crc32(payload), payload }, sid, prev);
  if (randomInteger(random, 3) === 0)
    header[randomInteger(random, 64)] = randomInteger(random, 256);
  const bytes = new Uint8Array([...header, ...payload]);
  return bytes.slice(0, randomInteger(random, 10) ? bytes.length : randomInteger(random, 100))
    .buffer;
};

const openAny = (random: RandomMemory, socket: PretendSocket): void => {
  const topic = any(random, topics);
  socket.open(topic, 1 + topics.indexOf(topic));
};

const heldBytes = (): number => {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

test('no message or frame of a server raises an uncaught error, or makes a client busy', async () => {
  const random = initialRandom(3);
  const { WebSocket, made } = pretendSockets();
  const uncaught: unknown[] = [];
  config.onUnhandledError = (error) => uncaught.push(error);
  const connection = connect('http://host', {
    WebSocket,
    random: () => 0.5,
    topics: { cost: { history: { points: 10 } } },
  });
  const phases: Partial<Record<ConnectionState['phase'], number>> = {};
  connection.state.subscribe(({ phase }) => {
    phases[phase] = (phases[phase] ?? 0) + 1;
  });
  const ignore = { error: () => {} };
  const seen: Record<string, number> = {};
  for (const topic of topics) {
    const values: Observable<unknown> = connection[topic];
    const next = (): void => {
      seen[topic] = (seen[topic] ?? 0) + 1;
    };
    values.subscribe({ ...ignore, next });
  }
  for (const told of [
    connection.welcome,
    connection.history,
    connection.gaps,
  ] as Observable<unknown>[])
    told.subscribe(ignore);
  const samples = new Subject<FedSample>();
  let fed = 0;
  const feed = (): void => {
    connection.feed(samples, { first: 1 }).subscribe({ next: () => (fed += 1), error: feed });
  };
  feed();
  let asking = new AbortController();
  let sent = 0;
  let held = 0;
  const started = Date.now();
  for (let i = 0; i < count; i += 1) {
    if (i === count / 5) held = heldBytes();
    const socket = made.at(-1)!;
    for (const gone of made.splice(0, made.length - 1)) sent += gone.sent.length;
    if (i % 100 === 0) {
      samples.next({ x: [1], y: [1] });
      asking.abort();
      asking = new AbortController();
      connection.predict([[1]], { signal: asking.signal }).catch(() => {});
      connection.admin('pause').catch(() => {});
      // What has been settled is delivered between two tasks.
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
    const kind = randomInteger(random, 400);
    if (socket.closedWith !== undefined || socket.onmessage === null) vi.advanceTimersByTime(1_000);
    else if (socket.sent.length === 0 || kind === 0) socket.welcome({ model });
    else if (kind === 1) socket.drop(any(random, [1006, 4001, 4005]), 'retryMs=0');
    else if (kind < 40) openAny(random, socket);
    else if (kind < 120)
      socket.onmessage({ data: frame(random, randomInteger(random, 99) ? 3 : 1) });
    else socket.onmessage({ data: text(random, socket, 1 + randomInteger(random, 7)) });
    vi.advanceTimersByTime(randomInteger(random, 20));
    if (socket.sent.length > 100) sent += socket.sent.splice(0, socket.sent.length - 20).length;
  }
  const seconds = (Date.now() - started) / 1000;
  expect(uncaught).toEqual([]);
  expect(Object.keys(seen).sort()).toEqual([...topics].sort());
  expect(fed).toBeGreaterThan(0);
  expect(phases.live).toBeGreaterThan(10);
  expect(phases['protocol error']).toBeGreaterThan(10);
  // About one attempt in ten seconds, and an answer at most to each message, on the average.
  expect(phases.reconnecting! + phases['protocol error']!).toBeLessThan(seconds / 5);
  expect(sent).toBeGreaterThan(count / 20);
  expect(sent).toBeLessThan(count);
  expect(heldBytes() - held).toBeLessThan(4_000_000);
  connection.close();
  expect(vi.getTimerCount()).toBe(0);
});
