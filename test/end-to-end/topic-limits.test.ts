import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Limits } from '../../src/broadcast/limits.ts';
import type { ErrorEntry } from '../../src/broadcast/topic-messages.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { eventually } from '../eventually.ts';
import type { RawClient } from './raw-client.ts';
import { toyServer } from './toy-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const start = async (limits: Partial<Limits>) => {
  const started = await toyServer(limits);
  closing.push(() => started.server.close());
  return started;
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The kinds of the frames of a number of states, each acknowledged before the next is made. */
const kindsOf = async (
  client: RawClient,
  { count, publish }: { count: number; publish: (step: number) => unknown },
): Promise<number[]> => {
  client.say({ t: 'sub', id: 1, topic: 'weights', enc: 'q8', maxHz: 30 });
  for (let i = 1; i <= count; i += 1) {
    await eventually(() => expect(client.frames).toHaveLength(i));
    const frame = client.frames.at(-1)!;
    const seq = Number(frame.readBigUInt64LE(24));
    client.say({ t: 'ack', sid: frame.readUInt32LE(8), seq });
    if (i < count) await publish(i + 1);
  }
  return client.frames.map((frame) => frame[4]!);
};

describe('every limit of a topic is reached through a socket:', () => {
  test('how long a log keeps an entry', async () => {
    const { shown, join } = await start({ logMs: 50, logKept: 1 });
    const { name: epoch } = shown.epoch;
    shown.event({ kind: 'drift', step: 1, message: 'old' });
    await sleep(100);
    shown.event({ kind: 'drift', step: 2, message: 'new' });
    const { say, next, messages } = await join();
    say({ t: 'sub', id: 1, topic: 'events', since: { epoch, seq: 0 } });
    expect(await next('ok')).toMatchObject({ recovered: false });
    shown.event({ kind: 'drift', step: 3, message: 'newest' });
    await eventually(() => expect(messages.at(-1)).toMatchObject({ message: 'newest' }));
    expect(messages).not.toContainEqual(expect.objectContaining({ message: 'old' }));
  });

  test('refused samples that are reported in a second', async () => {
    const { shown, join } = await start({ errorsPerSecond: 2 });
    const { say, next, messages } = await join();
    say({ t: 'sub', id: 1, topic: 'errors' });
    await next('ok');
    const refuse = (index: number) => shown.reject({ index, code: 'value', reason: 'no number' });
    for (let index = 0; index < 10; index += 1) refuse(index);
    await sleep(1_100);
    refuse(10);
    const told = () => messages.filter(({ t }) => t === 'errors') as ErrorEntry[];
    await eventually(() => expect(told().at(-1)?.index).toBe(10));
    expect(told().map(({ seq }) => seq)).toEqual(told().map((_, i) => i + 1));
    const suppressed = told().reduce((sum, entry) => sum + entry.suppressed, 0);
    expect(suppressed).toBeGreaterThan(0);
    expect(suppressed + told().length).toBe(11);
  });

  test('predicted rows that wait for their label', async () => {
    const { model, join } = await start({ lateLabels: 2 });
    const { say, next } = await join();
    const x = [
      [0, 1],
      [0, 2],
      [0, 3],
    ];
    say({ t: 'predict', id: 1, x, ids: ['a', 'b', 'c'] });
    await next('pred');
    const samples = ['a', 'b', 'c'].map((id) => ({ id, y: [1] }));
    say({ t: 'feed', id: 2, samples });
    expect((await next('fed')).rejected).toMatchObject([{ i: 0 }]);
    expect(model.fed).toMatchObject([{ x: [0, 2] }, { x: [0, 3] }]);
  });

  test('answers that are not read', async () => {
    const { model, server, join } = await start({ controlPending: 4 });
    const { say, socket, closed } = await join();
    vi.spyOn(model, 'predict').mockReturnValue({ y: [new Float64Array(200_000)], step: 1 });
    socket.pause();
    for (let id = 0; server.hub.sessions.size > 0 && id < 2_000; id += 1) {
      say({ t: 'predict', id, x: [[0, 1]] });
      await sleep(2);
    }
    expect(server.hub.sessions.size).toBe(0);
    socket.resume();
    // It is cut when it does not come to read that in time.
    expect([4005, 1006]).toContain((await closed).code);
  });

  test('differences between two keyframes', async () => {
    const { shown, join } = await start({ keyframeDeltas: 3, keyframeMs: 600_000 });
    const publish = (step: number) => shown.publish(snapshotAt(step));
    expect(await kindsOf(await join(), { count: 9, publish })).toEqual([1, 2, 2, 2, 1, 2, 2, 2, 1]);
  });

  test('time between two keyframes', async () => {
    const { shown, join } = await start({ keyframeMs: 20 });
    const publish = async (step: number) => {
      await sleep(40);
      shown.publish(snapshotAt(step));
    };
    expect(await kindsOf(await join(), { count: 4, publish })).toEqual([1, 1, 1, 1]);
  });
});
