import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { defaultLimits, type Limits, limitsWith } from '../../src/broadcast/limits.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { eventually } from '../eventually.ts';
import { stage } from './pretend.ts';
import { snapshotAt } from './snapshots.ts';
import { ToyModel } from './toy-model.ts';

/** A hub with a model whose one state is shown, and one client that has said hello. */
const scene = (limits: Partial<Limits>) => {
  const model = new ToyModel();
  const staged = stage({ model, limits });
  staged.broadcaster.publish(snapshotAt(1));
  return { model, ...staged, ...staged.join() };
};
type Scene = ReturnType<typeof scene>;

const never = new Promise<never>(() => {});
const samples = (count: number, size = 1) =>
  Array.from({ length: count }, () => ({ features: { text: 'x'.repeat(size) }, target: 1 }));

const refused = async ({ peer }: Scene, id: number, code: string): Promise<void> => {
  await eventually(() => expect(peer.last('err')).toMatchObject({ id, code }));
  expect(peer.all('err')).toHaveLength(1);
};

/** Publishes states and acknowledges them; returns the kinds of the frames that came. */
const watchWeights = ({ broadcaster, peer, say, pass }: Scene, states: number, everyMs: number) => {
  say({ t: 'sub', id: 1, topic: 'weights', enc: 'q8', maxHz: 30 });
  for (let step = 2; step < states; step += 1) {
    pass(everyMs);
    broadcaster.publish(snapshotAt(step));
    say({ t: 'ack', sid: 1, seq: peer.frames.at(-1)!.seq });
  }
  return peer.frames.map(({ kind }) => kind);
};

const late = async ({ say, peer }: Scene, sizes: readonly number[]): Promise<number[]> => {
  const ids = sizes.map((_, i) => `${i}`);
  say({ t: 'predict', id: 1, features: sizes.map((n) => ({ text: 'x'.repeat(n) })), ids });
  await eventually(() => expect(peer.last('pred')).toBeDefined());
  say({ t: 'feed', id: 2, samples: ids.map((id) => ({ id, target: 1 })) });
  await eventually(() => expect(peer.last('fed')).toBeDefined());
  return peer.last('fed')!.rejected.map(({ i }) => i);
};

const entries = <T extends 'events' | 'errors'>(told: Scene, topic: T) => {
  told.say({ t: 'sub', id: 1, topic, history: { points: 2000 } });
  return told.peer.all(topic);
};

/** How each limit of the core is reached: with what it is set to, and what happens then. */
const reached: Partial<Record<keyof Limits, [number, (scene: Scene) => unknown]>> = {
  subscriptions: [
    1,
    async (told) => {
      for (const id of [1, 2]) told.say({ t: 'sub', id, topic: 'cost' });
      await refused(told, 2, 'limit');
    },
  ],
  predictsInFlight: [
    1,
    async (told) => {
      vi.spyOn(told.model, 'predict').mockReturnValue(never as never);
      for (const id of [1, 2]) told.say({ t: 'predict', id, x: [[0, 1]] });
      await refused(told, 2, 'limit');
    },
  ],
  predictRows: [
    1,
    async (told) => {
      told.say({ t: 'predict', id: 1, features: [{}, {}] });
      await refused(told, 1, 'limit');
    },
  ],
  explainValues: [
    3,
    async (told) => {
      told.say({ t: 'explain', id: 1, x: [[0, 1]] });
      await eventually(() => expect(told.peer.last('explained')).toBeDefined());
      const x = [
        [0, 1],
        [0, 1],
      ];
      told.say({ t: 'explain', id: 2, x });
      await refused(told, 2, 'limit');
    },
  ],
  predictBytes: [
    10_000,
    async (told) => {
      const features = [{ text: 'x'.repeat(10_000) }];
      vi.spyOn(told.model, 'predict').mockReturnValueOnce(never as never);
      told.say({ t: 'predict', id: 1, features });
      const other = { ...told, ...told.join() };
      other.say({ t: 'predict', id: 2, features });
      await refused(other, 2, 'busy');
    },
  ],
  requestsInFlight: [
    2,
    async (told) => {
      vi.spyOn(told.model, 'saved').mockReturnValue(never);
      for (const id of [1, 2, 3]) told.say({ t: 'feed', id, samples: samples(1), ack: 'durable' });
      await refused(told, 3, 'busy');
    },
  ],
  feedBatch: [
    1,
    async (told) => {
      told.say({ t: 'feed', id: 1, samples: samples(2) });
      await refused(told, 1, 'limit');
    },
  ],
  feedCredit: [
    1,
    async (told) => {
      told.model.gate = never;
      for (const id of [1, 2]) told.say({ t: 'feed', id, samples: samples(1) });
      await refused(told, 2, 'busy');
    },
  ],
  feedCreditBytes: [
    20_000,
    async (told) => {
      // What waits for a checkpoint counts as well: its answer is still to be made.
      vi.spyOn(told.model, 'saved').mockReturnValue(never);
      told.say({ t: 'feed', id: 1, samples: samples(1, 20_000), ack: 'durable' });
      await eventually(() => expect(told.model.step).toBe(1));
      for (const id of [2, 3, 4, 5]) told.say({ t: 'feed', id, samples: samples(1) });
      await eventually(() => expect(told.peer.all('err')).toHaveLength(4));
      expect(told.peer.last('err')).toMatchObject({ code: 'busy', retryMs: 100 });
      // A client that knows only the number of samples has not exceeded the limit that it knows.
      expect(told.peer.closed).toBeUndefined();
      const other = { ...told, ...told.join() };
      other.say({ t: 'feed', id: 1, samples: samples(1, 30_000) });
      await eventually(() => expect(other.peer.last('fed')).toBeDefined());
    },
  ],
  feedQueue: [
    1,
    async (told) => {
      told.model.gate = never;
      told.say({ t: 'feed', id: 1, samples: samples(1) });
      const other = { ...told, ...told.join() };
      other.say({ t: 'feed', id: 2, samples: samples(1) });
      await refused(other, 2, 'busy');
    },
  ],
  feedQueueBytes: [
    10_000,
    async (told) => {
      told.model.gate = never;
      told.say({ t: 'feed', id: 1, samples: samples(1, 10_000) });
      const other = { ...told, ...told.join() };
      other.say({ t: 'feed', id: 2, samples: samples(1) });
      await refused(other, 2, 'busy');
    },
  ],
  controlBytes: [
    100,
    ({ say, peer }) => {
      say({ t: 'hb', more: 'x'.repeat(100) });
      expect(peer.closed?.code).toBe(4413);
    },
  ],
  retainedBytes: [
    10_000,
    ({ broadcaster, peer, say, pass }) => {
      say({ t: 'sub', id: 1, topic: 'weights', window: 16 });
      say({ t: 'sub', id: 2, topic: 'events' });
      peer.isStalled = true;
      for (let step = 2; step < 100; step += 1) {
        broadcaster.publish(snapshotAt(step));
        broadcaster.event({ kind: 'drift', step, message: 'x'.repeat(500) });
        pass(100);
        say({ t: 'ack', sid: 1, seq: broadcaster.seq });
      }
      expect(peer.bufferedAmount).toBeLessThan(10_000);
      expect(peer.bufferedAmount).toBeGreaterThan(5_000);
    },
  ],
  controlPending: [
    4,
    ({ peer, say }) => {
      peer.isStalled = true;
      for (let id = 1; id < 10; id += 1) say({ t: 'unsub', id, sid: 9 });
      expect(peer.all('err')).toHaveLength(4);
      expect(peer.closed?.code).toBe(4005);
    },
  ],
  answerBytes: [
    1_000,
    ({ peer, say, pass, broadcaster }) => {
      for (let step = 2; step < 50; step += 1) {
        broadcaster.publish(snapshotAt(step));
        pass(5);
      }
      peer.isStalled = true;
      say({ t: 'sub', id: 1, topic: 'cost', history: { points: 2000 } });
      expect(peer.last('history')!.points.length).toBeGreaterThan(20);
      say({ t: 'unsub', id: 2, sid: 1 });
      expect(peer.closed).toMatchObject({ code: 4005, reason: expect.stringMatching(/not read/) });
    },
  ],
  messagesPerSecond: [
    2,
    async ({ peer, say }) => {
      for (let i = 0; i < 2; i += 1) say({ t: 'hb' });
      await eventually(() => expect(peer.last('err')).toMatchObject({ code: 'limit' }));
    },
  ],
  breaches: [
    1,
    ({ peer, say }) => {
      for (let i = 0; i < 2_001; i += 1) say({ t: 'hb' });
      expect(peer.closed?.code).toBe(4429);
    },
  ],
  helloMs: [
    100,
    ({ connect, pass }) => {
      const { peer } = connect();
      pass(500);
      expect(peer.closed?.code).toBe(4007);
    },
  ],
  hbMs: [
    300,
    ({ peer, pass }) => {
      pass(2_000);
      expect(peer.all('hb').length).toBeGreaterThan(1);
    },
  ],
  pingMs: [
    1_000,
    ({ peer, session, pass }) => {
      session.pong();
      pass(3_000);
      expect(peer.pings).toBe(2);
    },
  ],
  pongMs: [
    300,
    ({ peer, pass }) => {
      pass(600);
      expect(peer.closed?.code).toBe(4003);
    },
  ],
  logEntries: [
    3,
    (told) => {
      for (let step = 0; step < 9; step += 1)
        told.broadcaster.event({ kind: 'drift', step, message: '' });
      expect(entries(told, 'events').map(({ seq }) => seq)).toEqual([7, 8, 9]);
    },
  ],
  logBytes: [
    10_000,
    (told) => {
      for (let step = 0; step < 90; step += 1)
        told.broadcaster.event({ kind: 'drift', step, message: 'x'.repeat(400) });
      expect(entries(told, 'events').map(({ seq }) => seq)).toEqual([86, 87, 88, 89, 90]);
    },
  ],
  logTextChars: [
    100,
    (told) => {
      const long = 'x'.repeat(50_000);
      told.broadcaster.event({ kind: 'drift', step: 1, message: long, detail: { long } });
      told.broadcaster.reject({ code: 'value', reason: long, index: 1, id: long });
      const [event] = entries(told, 'events');
      expect(event!.message).toBe(`${'x'.repeat(100)}…`);
      expect(event!.detail).toEqual({ omitted: '50011 characters of JSON' });
      const [error] = entries(told, 'errors');
      expect([error!.message.length, error!.id!.length]).toEqual([101, 101]);
    },
  ],
  logMs: [
    1_000,
    (told) => {
      for (let step = 0; step < 300; step += 1)
        told.broadcaster.event({ kind: 'drift', step, message: '' });
      told.pass(2_000);
      expect(entries(told, 'events')).toHaveLength(100);
    },
  ],
  logKept: [
    2,
    (told) => {
      for (let step = 0; step < 5; step += 1)
        told.broadcaster.event({ kind: 'drift', step, message: '' });
      told.pass(700_000);
      const { first, last } = told.broadcaster.logs.events;
      expect([first, last]).toEqual([4, 5]);
    },
  ],
  errorsPerSecond: [
    2,
    (told) => {
      for (let index = 0; index < 5; index += 1)
        told.broadcaster.reject({ code: 'value', reason: '', index });
      expect(entries(told, 'errors')).toHaveLength(2);
    },
  ],
  keyframeDeltas: [
    2,
    (told) => expect(watchWeights(told, 9, 50)).toEqual([1, 2, 2, 1, 2, 2, 1, 2]),
  ],
  keyframeMs: [100, (told) => expect(watchWeights(told, 9, 60)).toEqual([1, 2, 1, 2, 1, 2, 1, 2])],
  closingMs: [
    400,
    (told) => {
      watchWeights(told, 4, 50);
      const { length } = told.peer.frames;
      told.pass(350);
      expect(told.peer.frames).toHaveLength(length);
      told.pass(100);
      expect(told.peer.frames).toHaveLength(length + 1);
    },
  ],
  predictionItems: [
    1,
    ({ broadcaster, peer, say, pass }) => {
      const prediction = { step: 1, x: [1], y: 1, prediction: [1], cost: 0 };
      broadcaster.publish({ ...snapshotAt(2), predictions: [prediction, prediction] });
      say({ t: 'sub', id: 1, topic: 'predictions' });
      pass(100);
      expect(peer.last('predictions')!.items).toHaveLength(1);
    },
  ],
  lateLabels: [2, async (told) => expect(await late(told, [1, 1, 1])).toEqual([0])],
  lateLabelBytes: [
    10_000,
    async (told) => expect(await late(told, [1_000, 2_000, 2_000, 20_000])).toEqual([0, 3]),
  ],
  adminsRemembered: [
    2,
    async ({ model, peer, say }) => {
      for (const [id, once] of ['a', 'b', 'a', 'c', 'b', 'a'].entries()) {
        say({ t: 'admin', id, op: 'pause', once });
        await eventually(() => expect(peer.last('ok')?.id).toBe(id), { interval: 1 });
      }
      // The second a was remembered, the last a had been forgotten for c.
      expect(model.steered).toHaveLength(4);
    },
  ],
  resyncMs: [
    1_000,
    ({ broadcaster, peer, say, pass }) => {
      const { name: epoch } = broadcaster.epoch;
      broadcaster.startEpoch('a reset');
      pass(2_000);
      say({ t: 'ack', sid: 1, seq: 1, epoch });
      expect(peer.closed?.code).toBe(4006);
    },
  ],
};

/** What a test says that reaches a limit, where that is not its name: loopback is exempt from some. */
const marks: Readonly<Record<string, string>> = { socketsPerAddress: 'limitConnections(' };

describe('a limit of the core is reached:', () => {
  test.each(Object.entries(reached))('%s', async (name, [value, reach]) => {
    const rest = name === 'breaches' ? {} : { breaches: 5 };
    await reach(scene({ ...rest, [name]: value }));
  });

  test('every other one is reached by a test of a server', () => {
    const folder = new URL('../', import.meta.url);
    const programs = readdirSync(folder, { encoding: 'utf8', recursive: true })
      .filter((name) => name.endsWith('.test.ts') && !name.endsWith('broadcast/limits.test.ts'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const others = Object.keys(defaultLimits).filter((name) => !(name in reached));
    const untested = others.filter(
      (name) => !programs.some((text) => text.includes(marks[name] ?? `${name}: `)),
    );
    expect(untested).toEqual([]);
  });
});

test('a limit that is not known, or not above 0, is refused', () => {
  expect(() => limitsWith({ logs: 1 } as never)).toThrow(RangeError);
  for (const name of Object.keys(defaultLimits)) {
    for (const value of [0, -1, Number.NaN])
      expect(() => limitsWith({ [name]: value })).toThrow(RangeError);
  }
});

const heldBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

test('what is predicted by id takes no more memory than its limit, whatever the rows', async () => {
  const { peer, say } = scene({ lateLabelBytes: 1_000_000 });
  const before = heldBytes();
  for (let id = 1; id <= 200; id += 1) {
    say({ t: 'predict', id, features: [{ text: 'x'.repeat(500_000) }], ids: [`${id}`] });
    await eventually(() => expect(peer.last('pred')?.id).toBe(id), { interval: 1 });
  }
  expect(heldBytes() - before).toBeLessThan(10_000_000);
});
