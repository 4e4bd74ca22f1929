import { expect, test, vi } from 'vitest';
import { crc32 } from '../../src/broadcast/crc32.ts';
import { encodeHeader } from '../../src/broadcast/frame.ts';
import { encodeQ8 } from '../../src/broadcast/quantize.ts';
import { encodeXor } from '../../src/broadcast/xor.ts';
import { FrameLost, WeightsAssembler } from '../../src/client/weights.ts';
import { initialRandom, type RandomMemory, randomInteger } from '../../src/math/random.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { stage } from './pretend.ts';
import { snapshotAt } from './snapshots.ts';
import { ToyModel } from './toy-model.ts';

/** Of each kind; a million at night. */
const count = process.env['NIGHTLY'] ? 500_000 : 100_000;

vi.setConfig({ testTimeout: 300_000 });

/** What is held after all garbage is gone: buffers included. */
const heldBytes = (): number => {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** From here on memory must not grow: code is compiled, rings and maps are as full as they get. */
const warm = count / 5;
const growthMax = 4_000_000;

const messages = [
  { t: 'hello', v: 1, client: { name: 'x' }, caps: ['q8'] },
  { t: 'sub', id: 1, topic: 'weights', enc: 'q8', maxHz: 30, window: 2 },
  { t: 'sub', id: 2, topic: 'events', since: { epoch: 'epoch-1', seq: 1 }, history: { points: 9 } },
  { t: 'sub', id: 3, topic: 'cost', history: { points: 2000 } },
  { t: 'ack', sid: 1, seq: 1 },
  { t: 'unsub', id: 4, sid: 1 },
  { t: 'predict', id: 5, x: [[0, null]], ids: ['a'] },
  { t: 'feed', id: 6, producer: 'p', first: 1, samples: [{ x: [0, 1], y: [1] }], ack: 'accepted' },
  {
    t: 'feed',
    id: 7,
    samples: [
      { id: 'a', target: 'b' },
      { features: { a: {} }, target: 1 },
    ],
  },
  { t: 'admin', id: 8, op: 'rate', perSecond: 5, once: 'a' },
  { t: 'hb' },
].map((message) => JSON.stringify(message));

const oddities = [
  'null',
  '-1',
  '1e999',
  '"',
  '{',
  '}',
  '[',
  ',',
  '__proto__',
  '\u0000',
  '9'.repeat(40),
];

/** A message with some of it replaced, left out or doubled. */
const mutated = (random: RandomMemory): string => {
  let text = messages[randomInteger(random, messages.length)]!;
  for (let left = randomInteger(random, 4); left > 0; left -= 1) {
    const at = randomInteger(random, text.length + 1);
    const odd = oddities[randomInteger(random, oddities.length)]!;
    const kind = randomInteger(random, 3);
    if (kind === 0) text = text.slice(0, at) + odd + text.slice(at + 1);
    else if (kind === 1) text = text.slice(0, at) + text.slice(at + randomInteger(random, 8));
    else text = text.slice(0, at) + text.slice(Math.max(0, at - 5));
  }
  return text;
};

test('no message of a client breaks a session, or keeps memory', async () => {
  const random = initialRandom(1);
  const model = new ToyModel();
  const { broadcaster, hub, connect, pass } = stage({ model });
  broadcaster.publish(snapshotAt(1));
  let { peer, session } = connect();
  let closed = 0;
  let held = 0;
  for (let i = 0; i < count; i += 1) {
    if (i === warm) held = heldBytes();
    session.receive(mutated(random));
    if (i % 100 === 0) {
      pass(5);
      await new Promise(setImmediate);
      // What the model keeps is its own affair.
      for (const kept of [model.fed, model.steered]) kept.length = 0;
    }
    if (!peer.closed && i % 50 !== 0) continue;
    if (peer.closed) {
      closed += 1;
      expect(peer.closed.code).toBeGreaterThanOrEqual(4000);
    }
    session.closed();
    ({ peer, session } = connect());
    session.receive(messages[0]!);
  }
  expect(closed).toBeGreaterThan(count / 100);
  expect(hub.sessions.size).toBe(1);
  expect(heldBytes() - held).toBeLessThan(growthMax);
});

test('no frame breaks a client: it is accepted, or refused with a reason', () => {
  const random = initialRandom(2);
  const { broadcaster } = stage();
  broadcaster.publish(snapshotAt(1));
  const { model, epoch } = broadcaster;
  const context = { epoch: epoch.name, epochTag: epoch.tag, model };
  const lengths = [6, 3];
  const payloads = [
    [1, 0, new Uint8Array(36)],
    [2, 2, encodeQ8(new Float32Array(9), new Float32Array(9).fill(0.5), lengths)!],
    [3, 0, encodeXor(new Float32Array(9), new Float32Array(9).fill(0.5))],
  ] as const;
  const outcomes = { taken: 0, refused: 0 };
  let assembler = new WeightsAssembler();
  let seq = 0;
  let held = 0;
  for (let i = 0; i < count; i += 1) {
    if (i === warm) held = heldBytes();
    const [kind, dtype, whole] = payloads[i % 50 === 0 ? 0 : randomInteger(random, 3)]!;
    const payload = whole.slice(
      0,
      randomInteger(random, 5) ? whole.length : randomInteger(random, 40),
    );
    for (let left = randomInteger(random, 3); left > 0; left -= 1) {
      payload[randomInteger(random, payload.length)] = randomInteger(random, 256);
    }
    const body = { kind, dtype, epochTag: epoch.tag, seq: seq + 1, step: i, at: 0, params: 9 };
    const header = encodeHeader({ ...body, crc: crc32(payload), payload }, 1, seq);
    if (!randomInteger(random, 3)) header[randomInteger(random, 64)] = randomInteger(random, 256);
    const bytes = new Uint8Array([...header, ...payload]);
    try {
      seq = assembler.take(bytes, context).seq;
      outcomes.taken += 1;
    } catch (error) {
      if (!(error instanceof FrameLost || error instanceof RangeError)) throw error;
      outcomes.refused += 1;
      assembler = new WeightsAssembler();
      seq = 0;
    }
  }
  expect(outcomes.taken).toBeGreaterThan(count / 10);
  expect(outcomes.refused).toBeGreaterThan(count / 10);
  expect(heldBytes() - held).toBeLessThan(growthMax);
});
