import { describe, expect, test, vi } from 'vitest';
import { Busy } from '../../src/broadcast/model.ts';
import type { Role } from '../../src/broadcast/server-messages.ts';
import { eventually } from '../eventually.ts';
import { type StageOptions, stage } from './pretend.ts';
import { ToyModel } from './toy-model.ts';

const toy = (options: StageOptions = {}) => {
  const model = new ToyModel();
  const scene = stage({ model, ...options });
  return { model, ...scene, ...scene.join() };
};

const samples = (count: number, target = 1) =>
  Array.from({ length: count }, () => ({ x: [0, 1], y: [target] }));

describe('feeding', () => {
  test('is acknowledged when it is learned, with what was refused', async () => {
    const { model, peer, say } = toy();
    const fed = [
      ...samples(1),
      { features: { a: 1 }, target: 'none' },
      { x: [1, 2] },
      ...samples(1),
    ];
    say({ t: 'feed', id: 1, samples: fed });
    await eventually(() => expect(peer.last('fed')).toBeDefined());
    expect(peer.last('fed')).toMatchObject({
      id: 1,
      dup: 0,
      step: 2,
      credit: 1_024,
      rejected: [
        { i: 1, code: 'value' },
        { i: 2, code: 'label', message: 'a vector needs y' },
      ],
    });
    expect(model.step).toBe(2);
  });

  test('again, under the same numbers, is harmless', async () => {
    const { model, peer, say } = toy();
    say({ t: 'feed', id: 1, producer: 'p', first: 1, samples: samples(3) });
    say({ t: 'feed', id: 2, producer: 'p', first: 1, samples: samples(5) });
    await eventually(() => expect(peer.all('fed')).toHaveLength(2));
    expect(peer.all('fed').map(({ dup, upTo }) => [dup, upTo])).toEqual([
      [0, 3],
      [3, 5],
    ]);
    expect(model.step).toBe(5);
    expect(model.producers.get('p')).toBe(5);
    expect(model.origins).toEqual([
      { producer: 'p', upTo: 3 },
      { producer: 'p', upTo: 5 },
    ]);
  });

  test('answers with a step that goes back only when the model begins anew', async () => {
    const { peer, say } = toy();
    const numbered = { producer: 'p', first: 1, samples: samples(3) };
    say({ t: 'feed', id: 1, ...numbered });
    await eventually(() => expect(peer.last('fed')?.id).toBe(1));
    say({ t: 'feed', id: 2, ...numbered });
    say({ t: 'feed', id: 3, samples: [{ x: [1, 2] }] });
    say({ t: 'feed', id: 4, ...numbered, ack: 'accepted' });
    await eventually(() => expect(peer.all('fed')).toHaveLength(4));
    expect(peer.all('fed').map(({ step }) => step)).toEqual([3, 3, 3, 3]);
    say({ t: 'admin', id: 5, op: 'reset' });
    await eventually(() => expect(peer.last('ok')?.id).toBe(5));
    say({ t: 'feed', id: 6, ...numbered });
    await eventually(() => expect(peer.last('fed')).toMatchObject({ id: 6, step: 0 }));
  });

  test('with a hole says what is missing', async () => {
    const { peer, say } = toy();
    say({ t: 'feed', id: 1, producer: 'p', first: 1, samples: samples(3) });
    say({ t: 'feed', id: 2, producer: 'p', first: 5, samples: samples(1) });
    say({ t: 'feed', id: 3, producer: 'new', first: 2, samples: samples(1) });
    await eventually(() => expect(peer.all('err')).toHaveLength(2));
    expect(peer.all('err')).toMatchObject([
      { id: 2, code: 'gap', upTo: 3 },
      { id: 3, code: 'gap', upTo: 0 },
    ]);
  });

  test('behind a batch that a full buffer refused is refused, and nothing counts as sent before', async () => {
    const { model, peer, join, say } = toy({ limits: { feedQueue: 10 } });
    let open = () => {};
    model.gate = new Promise((resolve) => {
      open = resolve;
    });
    join().say({ t: 'feed', id: 1, samples: samples(8) });
    say({ t: 'feed', id: 1, producer: 'p', first: 1, samples: samples(4) });
    say({ t: 'feed', id: 2, producer: 'p', first: 5, samples: samples(2) });
    await eventually(() => expect(peer.all('err')).toHaveLength(2));
    expect(peer.all('err')).toMatchObject([{ code: 'busy' }, { code: 'gap', upTo: 0 }]);
    open();
    await eventually(() => expect(model.step).toBe(8));
    say({ t: 'feed', id: 3, producer: 'p', first: 1, samples: samples(6) });
    await eventually(() => expect(peer.last('fed')).toMatchObject({ upTo: 6, dup: 0 }));
    expect(model.step).toBe(14);
  });

  test('again, while what is repeated waits and then fails, is learned', async () => {
    const { model, peer, say } = toy();
    vi.spyOn(model, 'feed').mockImplementationOnce(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Busy('no model yet', 50);
    });
    say({ t: 'feed', id: 1, producer: 'p', first: 1, samples: samples(3) });
    say({ t: 'feed', id: 2, producer: 'p', first: 1, samples: samples(3) });
    await eventually(() => expect(peer.last('fed')).toMatchObject({ id: 2, upTo: 3 }));
    expect(peer.last('err')).toMatchObject({ id: 1, code: 'busy' });
    expect(model.step).toBe(3);
  });

  test('after a batch that failed does not continue behind the gap', async () => {
    const { model, peer, say } = toy();
    const feed = vi.spyOn(model, 'feed').mockRejectedValueOnce(new Busy('full', 50));
    say({ t: 'feed', id: 1, producer: 'p', first: 1, samples: samples(2) });
    say({ t: 'feed', id: 2, producer: 'p', first: 3, samples: samples(2) });
    await eventually(() => expect(peer.all('err')).toHaveLength(2));
    expect(peer.all('err')).toMatchObject([
      { id: 1, code: 'busy', retryMs: 50 },
      { id: 2, code: 'gap', upTo: 0 },
    ]);
    expect(feed).toHaveBeenCalledTimes(1);
    say({ t: 'feed', id: 3, producer: 'p', first: 1, samples: samples(4) });
    await eventually(() => expect(peer.last('fed')?.upTo).toBe(4));
    expect(model.step).toBe(4);
  });

  test('more than the credit is busy, and again and again closes the connection', async () => {
    const { model, peer, say } = toy({ limits: { feedCredit: 10 } });
    let open = () => {};
    model.gate = new Promise((resolve) => {
      open = resolve;
    });
    say({ t: 'feed', id: 1, samples: samples(10) });
    say({ t: 'feed', id: 2, samples: samples(1) });
    await eventually(() => expect(peer.last('err')).toMatchObject({ id: 2, code: 'busy' }));
    expect(peer.last('err')?.retryMs).toBeGreaterThan(0);
    open();
    await eventually(() => expect(peer.last('fed')?.id).toBe(1));
    say({ t: 'feed', id: 3, samples: samples(10) });
    say({ t: 'feed', id: 4, samples: samples(1) });
    say({ t: 'feed', id: 5, samples: samples(1) });
    await eventually(() => expect(peer.closed?.code).toBe(4005));
  });

  test('is accepted before it is learned, while there is credit', async () => {
    const { model, peer, say } = toy({ limits: { feedCredit: 10 } });
    model.gate = new Promise(() => {});
    say({ t: 'feed', id: 1, samples: samples(4), ack: 'accepted' });
    await eventually(() => expect(peer.last('fed')).toMatchObject({ id: 1, credit: 6 }));
    say({ t: 'feed', id: 2, samples: samples(6), ack: 'accepted' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(peer.all('fed')).toHaveLength(1);
  });

  test('is durable when a checkpoint has it', async () => {
    const { model, peer, say } = toy();
    say({ t: 'feed', id: 1, samples: samples(1), ack: 'durable' });
    await eventually(() => expect(peer.last('fed')).toBeDefined());
    expect(model.saves).toBe(1);
  });

  test('of all together is bounded', async () => {
    const { model, join } = toy({ limits: { feedQueue: 10 } });
    model.gate = new Promise(() => {});
    const [one, other] = [join(), join()];
    one.say({ t: 'feed', id: 1, samples: samples(8) });
    other.say({ t: 'feed', id: 1, samples: samples(8) });
    await eventually(() => expect(other.peer.last('err')).toMatchObject({ code: 'busy' }));
    expect(one.peer.last('err')).toBeUndefined();
  });

  test('too much in one message is refused', async () => {
    const { peer, say } = toy({ limits: { feedBatch: 2 } });
    say({ t: 'feed', id: 1, samples: samples(3) });
    await eventually(() => expect(peer.last('err')).toMatchObject({ id: 1, code: 'limit' }));
  });
});

describe('predicting', () => {
  test('answers with a row for a row', async () => {
    const { peer, say } = toy();
    say({ t: 'feed', id: 1, samples: samples(2, 7) });
    say({
      t: 'predict',
      id: 2,
      x: [
        [0, 1],
        [null, 1],
      ],
    });
    say({ t: 'predict', id: 3, features: [{ a: 'b' }], minStep: 0 });
    await eventually(() => expect(peer.all('pred')).toHaveLength(2));
    say({ t: 'predict', id: 4, x: [[0, 1]] });
    await eventually(() => expect(peer.all('pred')).toHaveLength(3));
    expect(peer.last('pred')).toEqual({ t: 'pred', id: 4, y: [[7]], epoch: 'epoch-1', step: 2 });
  });

  test('lets the label follow by id, once', async () => {
    const { model, peer, say } = toy();
    say({ t: 'predict', id: 1, features: [{ hour: 17 }], ids: ['order-7'] });
    await eventually(() => expect(peer.last('pred')).toBeDefined());
    say({ t: 'feed', id: 2, samples: [{ id: 'order-7', target: 3 }] });
    await eventually(() => expect(peer.last('fed')?.rejected).toEqual([]));
    expect(model.fed).toEqual([{ features: { hour: 17 }, target: 3, id: 'order-7', index: 0 }]);
    say({ t: 'feed', id: 3, samples: [{ id: 'order-7', target: 3 }] });
    await eventually(() => expect(peer.last('fed')?.rejected).toHaveLength(1));
    expect(peer.last('fed')?.rejected[0]).toMatchObject({ i: 0, code: 'label' });
  });

  test('says of a sample without x, features and id what it lacks', async () => {
    const { peer, say } = toy();
    say({ t: 'feed', id: 1, samples: [{ target: 3 }] });
    await eventually(() => expect(peer.last('fed')).toBeDefined());
    const message = 'expected x, features, or the id of a prediction';
    expect(peer.last('fed')?.rejected).toEqual([{ i: 0, code: 'label', message }]);
  });

  test('keeps a limited number of rows for their labels', async () => {
    const { peer, say } = toy({ limits: { lateLabels: 1 } });
    say({
      t: 'predict',
      id: 1,
      x: [
        [0, 1],
        [0, 2],
      ],
      ids: ['old', 'new'],
    });
    await eventually(() => expect(peer.last('pred')).toBeDefined());
    say({
      t: 'feed',
      id: 2,
      samples: [
        { id: 'old', y: [1] },
        { id: 'new', y: [1] },
      ],
    });
    await eventually(() => expect(peer.last('fed')?.rejected.map(({ i }) => i)).toEqual([0]));
  });

  test.each([
    ['a row of another shape', { x: [[1]] }, 'shape'],
    ['neither vectors nor records', {}, 'shape'],
    ['both', { x: [[1, 2]], features: [{}] }, 'shape'],
    [
      'ids that are too few',
      {
        x: [
          [1, 2],
          [1, 2],
        ],
        ids: ['a'],
      },
      'shape',
    ],
    [
      'too many rows',
      {
        x: [
          [1, 2],
          [1, 2],
          [1, 2],
        ],
      },
      'limit',
    ],
    ['a row that is no list', { x: [[1, 2], 7] }, 'shape'],
    ['a number that is none', { x: [[1, '2']] }, 'shape'],
    ['a record that is a list', { features: [[1]] }, 'shape'],
    ['a record that is null', { features: [null] }, 'shape'],
    ['a step that has not come', { x: [[1, 2]], minStep: 5 }, 'busy'],
  ])('refuses %s', async (_, question, code) => {
    const { peer, say } = toy({ limits: { predictRows: 2 } });
    say({ t: 'predict', id: 1, ...question });
    await eventually(() => expect(peer.last('err')).toMatchObject({ id: 1, code }));
  });

  test('says which row is wrong where a number is not finite, and stays open', async () => {
    const { peer, session } = toy();
    session.receive('{"t":"predict","id":1,"x":[[1,2],[1,1e999]]}');
    await eventually(() => expect(peer.last('err')).toBeDefined());
    const message = 'row 1: x.1 is Infinity: expected a finite number';
    expect(peer.last('err')).toMatchObject({ id: 1, code: 'shape', message });
    expect(peer.closed).toBeUndefined();
  });

  test('is bounded in how much is under way, and an id in use closes', async () => {
    const { model, peer, say } = toy({ limits: { predictsInFlight: 2 } });
    vi.spyOn(model, 'predict').mockReturnValue(new Promise(() => {}) as never);
    for (const id of [1, 2, 3]) say({ t: 'predict', id, x: [[0, 1]] });
    await eventually(() => expect(peer.last('err')).toMatchObject({ id: 3, code: 'limit' }));
    say({ t: 'predict', id: 2, x: [[0, 1]] });
    expect(peer.closed?.code).toBe(4409);
  });

  test('says nothing of what went wrong inside', async () => {
    const { model, peer, say } = toy();
    vi.spyOn(model, 'predict').mockImplementation(() => {
      throw new Error('/secret/path');
    });
    say({ t: 'predict', id: 1, x: [[0, 1]] });
    await eventually(() => expect(peer.last('err')).toMatchObject({ code: 'internal' }));
    expect(peer.last('err')?.message).not.toContain('secret');
  });
});

describe('steering', () => {
  test('reaches the model, and is reported as an event', async () => {
    const { broadcaster, model, peer, say } = toy();
    say({ t: 'admin', id: 1, op: 'rate', perSecond: 500 });
    say({ t: 'admin', id: 2, op: 'reset' });
    await eventually(() => expect(peer.all('ok')).toHaveLength(2));
    expect(model.steered).toEqual([{ op: 'rate', perSecond: 500 }, { op: 'reset' }]);
    expect(broadcaster.epoch.name).toBe('epoch-2');
    expect(broadcaster.logs.events.last).toBe(3);
  });
});

describe('an admin request with `once`', () => {
  test('that comes again over another connection is answered and not executed', async () => {
    const { broadcaster, model, join, peer, say } = toy();
    say({ t: 'admin', id: 1, op: 'reset', once: 'x' });
    await eventually(() => expect(peer.last('ok')?.id).toBe(1));
    const other = join();
    other.say({ t: 'admin', id: 1, op: 'reset', once: 'x' });
    await eventually(() => expect(other.peer.last('ok')?.id).toBe(1));
    expect(model.steered).toEqual([{ op: 'reset' }]);
    expect(broadcaster.epoch.name).toBe('epoch-2');
    other.say({ t: 'admin', id: 2, op: 'reset', once: 'y' });
    await eventually(() => expect(other.peer.last('ok')?.id).toBe(2));
    expect(model.steered).toHaveLength(2);
  });

  test('that failed has failed when it comes again', async () => {
    const { model, peer, say } = toy();
    vi.spyOn(model, 'steer').mockImplementationOnce(() => {
      throw new Busy('not now', 50);
    });
    for (const id of [1, 2]) say({ t: 'admin', id, op: 'reset', once: 'x' });
    await eventually(() => expect(peer.all('err')).toHaveLength(2));
    expect(peer.all('err').map(({ code }) => code)).toEqual(['busy', 'busy']);
    expect(model.steered).toEqual([]);
  });
});

describe('requests to a model that is only shown', () => {
  test.each([
    { t: 'predict', x: [[0, 1]] },
    { t: 'explain', x: [[0, 1]] },
    { t: 'feed', samples: samples(1) },
    { t: 'admin', op: 'pause' },
  ])('is unsupported: $t', async (request) => {
    const { join } = stage();
    const { peer, say } = join();
    say({ ...request, id: 5 });
    await eventually(() => expect(peer.last('err')).toMatchObject({ id: 5, code: 'unsupported' }));
  });
});

describe('every role', () => {
  const requests = {
    read: { t: 'sub', id: 1, topic: 'cost' },
    predict: { t: 'predict', id: 1, x: [[0, 1]] },
    feed: { t: 'feed', id: 1, samples: samples(1) },
    admin: { t: 'admin', id: 1, op: 'pause' },
  } as const;
  const all = Object.keys(requests) as Role[];
  const cells = all.flatMap((role) => all.map((needed) => [role, needed] as const));

  test.each(cells)('%s alone: what needs %s', async (role, needed) => {
    const { peer, say } = toy({ roles: [role] });
    say(requests[needed]);
    await eventually(() => expect(peer.messages).toHaveLength(2));
    const isRefused = peer.last('err')?.code === 'forbidden';
    expect(isRefused).toBe(role !== needed);
  });
});

describe('an explanation', () => {
  test('is answered by row, by output and by the name of the feature', async () => {
    const { model, peer, say } = toy();
    model.predict = () => ({ y: [[4]], step: 7 });
    say({ t: 'explain', id: 1, x: [[0, 1]] });
    await eventually(() => expect(peer.last('explained')).toBeDefined());
    const contributions = [[{ a: 2, b: 2 }]];
    expect(peer.last('explained')).toMatchObject({ id: 1, contributions, step: 7 });
  });

  test('shows null for a contribution that is not finite', async () => {
    const { model, peer, say } = toy();
    model.predict = () => ({ y: [[Number.POSITIVE_INFINITY]], step: 7 });
    say({ t: 'explain', id: 1, x: [[0, 1]] });
    await eventually(() => expect(peer.last('explained')).toBeDefined());
    expect(peer.last('explained')?.contributions).toEqual([[{ a: null, b: null }]]);
  });

  test('needs the role predict', async () => {
    const { peer, say } = toy({ roles: ['read', 'feed', 'admin'] });
    say({ t: 'explain', id: 1, x: [[0, 1]] });
    await eventually(() => expect(peer.last('err')).toMatchObject({ id: 1, code: 'forbidden' }));
  });

  test('shares the limits of predictions: requests under way, and rows', async () => {
    const { model, peer, say } = toy({ limits: { predictsInFlight: 1, predictRows: 1 } });
    say({ t: 'explain', id: 1, features: [{}, {}] });
    await eventually(() => expect(peer.last('err')).toMatchObject({ id: 1, code: 'limit' }));
    vi.spyOn(model, 'predict').mockReturnValue(new Promise(() => {}) as never);
    say({ t: 'predict', id: 2, x: [[0, 1]] });
    say({ t: 'explain', id: 3, x: [[0, 1]] });
    await eventually(() => expect(peer.last('err')).toMatchObject({ id: 3, code: 'limit' }));
  });

  test.each([
    [{}, 'expected either x or features'],
    [{ x: [['a']] }, 'row 0: x.0 is "a": expected a number or null'],
  ])('of %j is refused', async (rows, message) => {
    const { peer, say } = toy();
    say({ t: 'explain', id: 1, ...rows });
    await eventually(() =>
      expect(peer.last('err')).toMatchObject({ id: 1, code: 'shape', message }),
    );
  });
});
