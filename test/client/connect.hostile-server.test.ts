import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { crc32 } from '../../src/broadcast/crc32.ts';
import { encodeHeader } from '../../src/broadcast/frame.ts';
import {
  type ConnectionState,
  connect,
  type FedSample,
  OutcomeUnknown,
  type RequestFailed,
} from '../../src/client/index.ts';
import { type PretendSocket, pretendSockets } from './pretend-socket.ts';

const model = { name: 'm', schema: '', params: 8, tensors: [{ name: 'W', shape: [8], offset: 0 }] };

const frame = (sid: number, { kind, seq, prev, payload }: Frame): ArrayBuffer => {
  const body = { kind, dtype: 0, epochTag: '0'.repeat(16), seq, step: 1, at: 0, params: 8 };
  const header = encodeHeader({ ...body, crc: crc32(payload), payload }, sid, prev);
  return new Uint8Array([...header, ...payload]).buffer;
};
interface Frame {
  readonly kind: number;
  readonly seq: number;
  readonly prev: number;
  readonly payload: Uint8Array;
}

describe('whatever a server does, a client', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const join = (random = () => 0.5) => {
    const { WebSocket, made } = pretendSockets();
    const connection = connect('http://host:8080', { WebSocket, random });
    const states: ConnectionState[] = [];
    connection.state.subscribe((state) => states.push(state));
    const last = (): PretendSocket => made.at(-1)!;
    /** Lets a minute pass; `answer` is called for each new connection. */
    const minute = (answer: (socket: PretendSocket) => void): number => {
      const before = made.length;
      let seen = 0;
      for (let ms = 0; ms < 60_000; ms += 5) {
        if (made.length > seen) answer(last());
        seen = made.length;
        vi.advanceTimersByTime(5);
      }
      return made.length - before;
    };
    return { connection, made, states, last, minute };
  };

  it('tells a welcome without a model as a protocol error, and comes back ever later', () => {
    const { states, minute } = join();
    const count = minute((socket) => socket.welcome({ model: undefined }));
    expect(states[1]).toMatchObject({
      phase: 'protocol error',
      reason: 'welcome.model is missing or malformed',
    });
    expect(count).toBeLessThan(10);
    expect(count).toBeGreaterThan(3);
  });

  it.each([0, 1e-9, 1e12, 1e300])('sets no timers in a circle for hb: %d', (hb) => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const { minute } = join();
    const before = timers.mock.calls.length;
    const count = minute((socket) => socket.welcome({ hb }));
    expect(count).toBeLessThan(12);
    expect(timers.mock.calls.length - before).toBeLessThan(200);
    for (const [, ms] of timers.mock.calls) expect(ms).toBeLessThan(2 ** 31);
  });

  it.each(['retryMs=0', 'retryMs=0; again', ''])(
    'comes back ever later where it is cut: %s',
    (reason) => {
      const { minute } = join();
      expect(
        minute((socket) => {
          socket.welcome();
          socket.drop(4001, reason);
        }),
      ).toBeLessThan(12);
    },
  );

  it('stays away for an hour at most', () => {
    const { states, last } = join();
    last().welcome();
    last().drop(4001, 'retryMs=999999999');
    expect(states.at(-1)).toMatchObject({ phase: 'reconnecting', retryMs: 3_600_000 });
  });

  it('asks for weights ever later where bad frames follow good ones', () => {
    const { connection, last, minute } = join();
    connection.weights.subscribe();
    let asked = 0;
    minute((socket) => socket.welcome({ model }));
    for (let ms = 0, sid = 1; ms < 60_000; ms += 5) {
      const subs = last().sent.filter(({ t }) => t === 'sub').length;
      if (subs > asked) {
        asked = subs;
        sid += 1;
        last().open('weights', sid);
        const key = { kind: 1, seq: 1, prev: 0, payload: new Uint8Array(32) };
        last().onmessage?.({ data: frame(sid, key) });
        const bad = { kind: 2, seq: 2, prev: 1, payload: new Uint8Array(5) };
        last().onmessage?.({ data: frame(sid, bad) });
      }
      last().say({ t: 'hb' });
      vi.advanceTimersByTime(5);
    }
    expect(asked).toBeLessThan(10);
    expect(asked).toBeGreaterThan(3);
  });

  it('takes no difference before a keyframe', () => {
    const { connection, last } = join();
    last().welcome({ model });
    const seen = vi.fn();
    connection.weights.subscribe(seen);
    last().open('weights', 1);
    const payload = new Uint8Array(16);
    last().onmessage?.({ data: frame(1, { kind: 2, seq: 1, prev: 0, payload }) });
    expect(seen).not.toHaveBeenCalled();
  });

  it('does not gather a history without an end', () => {
    const { states, last } = join();
    last().welcome();
    const points = Array.from({ length: 500 }, (_, i) => [i, 1, 1, 1]);
    for (let i = 0; i < 100; i += 1) last().say({ t: 'history', sid: 1, points, last: false });
    const reason = 'history has more than 10000 points';
    expect(states.at(-1)).toMatchObject({ phase: 'protocol error', reason });
  });

  it('is welcomed once in a connection', () => {
    const { states, last } = join();
    last().welcome();
    last().welcome();
    const reason = 'a second welcome came';
    expect(states.at(-1)).toMatchObject({ phase: 'protocol error', reason });
  });

  it('gives up a server that does not read', () => {
    const { connection, states, last } = join();
    last().welcome();
    connection.cost.subscribe();
    last().open('cost', 1);
    Object.assign(last(), { bufferedAmount: 100_000_000 });
    const cost = { n: 1, sum: 1, sumSquares: 1, nonFinite: 0 };
    const windowed = { n: 0, mean: null, min: null, max: null };
    last().say({ t: 'cost', sid: 1, seq: 1, prev: 0, step: 1, at: 0, ...cost, windowed });
    expect(states.at(-1)).toMatchObject({ reason: 'the server does not read' });
  });

  it('takes an answer of another kind for none', async () => {
    const { connection, last } = join();
    last().welcome();
    const answer = connection.predict([[1]]);
    const { id } = last().last('predict')!;
    last().say({ t: 'ok', id });
    last().say({ t: 'pred', id, y: [[2]], epoch: 'E', step: 1 });
    expect(await answer).toMatchObject({ y: [[2]] });
  });

  describe('that feeds', () => {
    const feeding = async () => {
      const joined = join(() => 0);
      joined.last().welcome({ limits: { feedCredit: 1_024, messageBytes: 1_000 } });
      const samples = new Subject<FedSample>();
      const failed = vi.fn();
      const busy: RequestFailed[] = [];
      const told = vi.fn();
      joined.connection
        .feed(samples, { producer: 'p', busy: { next: (refusal) => busy.push(refusal) } })
        .subscribe({ next: told, error: failed });
      const give = async (features = {}) => {
        samples.next({ features, target: 1 });
        await Promise.resolve();
      };
      const feeds = () => joined.last().sent.filter(({ t }) => t === 'feed');
      return { ...joined, give, failed, feeds, told };
    };

    it.each([{ code: 'gap', upTo: -1 }, { code: 'gap', upTo: 5 }, { code: 'gap' }])(
      'reports an answer that makes no sense: %o',
      async (answer) => {
        const { give, last, feeds, failed, states } = await feeding();
        await give();
        last().say({ t: 'err', id: feeds()[0]!['id'], message: '', ...answer });
        if (answer.upTo === -1) expect(states.at(-1)?.phase).toBe('protocol error');
        else expect(failed).toHaveBeenCalledOnce();
        expect(feeds()).toHaveLength(1);
      },
    );

    it('asks ever later where all it sends leaves a gap', async () => {
      const { give, last, feeds } = await feeding();
      await give();
      last().say({ t: 'fed', id: feeds()[0]!['id'], dup: 0, rejected: [], step: 1, credit: 9 });
      await give();
      let answered = 1;
      for (let ms = 0; ms < 60_000; ms += 5) {
        while (feeds().length > answered && answered < 500) {
          const { id, first } = feeds()[answered]! as { id: number; first: number };
          answered += 1;
          last().say({ t: 'err', id, code: 'gap', message: '', upTo: first === 1 ? 0 : first - 2 });
        }
        last().say({ t: 'hb' });
        vi.advanceTimersByTime(5);
      }
      expect(answered).toBeLessThan(20);
    });

    it.each([0, -1, 1e12])('waits a while if it is asked to wait for %d ms', async (retryMs) => {
      const { give, last, feeds } = await feeding();
      await give();
      const answered = new Set<unknown>();
      for (let ms = 0; ms < 10_000; ms += 5) {
        for (const { id } of feeds()) {
          if (answered.has(id)) continue;
          answered.add(id);
          last().say({ t: 'err', id, code: 'busy', message: '', retryMs });
        }
        vi.advanceTimersByTime(5);
      }
      expect(answered.size).toBeLessThanOrEqual(101);
    });

    it('splits what is too large for a message, and fails where one sample is', async () => {
      const { give, feeds, failed } = await feeding();
      for (let i = 0; i < 3; i += 1) void give({ text: 'x'.repeat(600) });
      await Promise.resolve();
      expect(feeds().map(({ samples }) => (samples as object[]).length)).toEqual([1, 1, 1]);
      expect(failed).not.toHaveBeenCalled();
      await give({ text: 'x'.repeat(1_000) });
      expect(failed.mock.calls[0]![0]).toMatchObject({
        message: 'sample 4 is too large: the server takes 1000 bytes',
      });
    });

    it('sends one sample at a time where a server gives no credit', async () => {
      const { give, last, feeds, told } = await feeding();
      await give();
      const fed = { t: 'fed', dup: 0, rejected: [], step: 1, credit: 0 };
      last().say({ ...fed, id: feeds()[0]!['id'] });
      for (let i = 0; i < 3; i += 1) await give();
      expect(feeds()).toHaveLength(2);
      last().say({ ...fed, id: feeds()[1]!['id'] });
      expect(feeds()).toHaveLength(3);
      expect(told).toHaveBeenCalledTimes(2);
    });
  });

  describe('that steers asks once:', () => {
    const steering = (instance?: string) => {
      const joined = join(() => 0);
      joined.last().welcome({ instance });
      const outcome = joined.connection.admin('reset').then(
        () => 'done',
        (error: unknown) => error,
      );
      const comeBack = (as?: string): void => {
        joined.last().drop();
        vi.advanceTimersByTime(0);
        joined.last().welcome({ instance: as });
      };
      return { ...joined, outcome, comeBack, asked: () => joined.last().last('admin') };
    };

    it('the same server gets the request again under the same name, and answers', async () => {
      const { last, outcome, comeBack, asked } = steering('one');
      const { once } = asked()!;
      expect(once).toMatch(/^[a-z0-9-]{16,}$/);
      comeBack('one');
      expect(asked()).toMatchObject({ op: 'reset', once });
      last().say({ t: 'ok', id: asked()!['id'] });
      expect(await outcome).toBe('done');
    });

    it.each([
      ['one', 'two'],
      ['one', undefined],
      [undefined, undefined],
    ])('a server that may not know it is not: %s, then %s', async (before, after) => {
      const { outcome, comeBack, asked } = steering(before);
      comeBack(after);
      expect(asked()).toBeUndefined();
      expect(await outcome).toBeInstanceOf(OutcomeUnknown);
    });

    it('a request from before there was a connection is sent when there is one', async () => {
      const { connection, last } = join(() => 0);
      const outcome = connection.admin('pause');
      last().welcome();
      last().say({ t: 'ok', id: last().last('admin')!['id'] });
      await outcome;
    });
  });
});
