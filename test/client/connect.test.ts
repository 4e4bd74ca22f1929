import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ConnectionClosed, type ConnectionState, connect } from '../../src/client/index.ts';
import { pretendSockets } from './pretend-socket.ts';

const cost = (sid: number, seq: number, prev: number) => ({
  ...{ t: 'cost', sid, seq, prev, step: seq, at: 0, n: seq, sum: seq, sumSquares: seq },
  ...{ windowed: { n: 0, mean: null, min: null, max: null }, nonFinite: 0 },
});

const event = (sid: number, seq: number) => ({
  ...{ t: 'events', sid, seq, at: 0, step: seq, kind: 'drift', message: `${seq}` },
});

describe('a connection', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const join = (options: { token?: string; signal?: AbortSignal } = {}) => {
    const { WebSocket, made } = pretendSockets();
    const connection = connect('http://host:8080', { WebSocket, random: () => 0.5, ...options });
    const states: ConnectionState[] = [];
    connection.state.subscribe((state) => states.push(state));
    return { connection, made, states, phases: () => states.map(({ phase }) => phase) };
  };

  it('says hello, and is live once it is welcomed', () => {
    const { made, phases } = join({ token: 'secret' });
    expect(made[0]?.url).toBe('ws://host:8080/');
    expect(made[0]?.protocols).toEqual(['rivulet.v1']);
    made[0]?.welcome();
    expect(made[0]?.last('hello')).toMatchObject({ v: 1, auth: 'secret' });
    expect(phases()).toEqual(['connecting', 'live']);
  });

  it('asks for a topic while somebody listens, and for no other', () => {
    const { connection, made } = join();
    made[0]?.welcome();
    expect(made[0]?.last('sub')).toBeUndefined();
    const listening = connection.cost.subscribe();
    expect(made[0]?.sent.filter(({ t }) => t === 'sub')).toHaveLength(1);
    made[0]?.open('cost', 7);
    listening.unsubscribe();
    expect(made[0]?.last('unsub')).toMatchObject({ sid: 7 });
  });

  it('acknowledges what it has given on, and asks again when something is missing', () => {
    const { connection, made } = join();
    made[0]?.welcome();
    const [seen, gaps]: [number[], string[]] = [[], []];
    connection.cost.subscribe(({ seq }) => seen.push(seq));
    connection.gaps.subscribe(({ topic }) => gaps.push(topic));
    made[0]?.open('cost', 7);
    made[0]?.say(cost(7, 4, 0));
    expect(made[0]?.last('ack')).toMatchObject({ sid: 7, seq: 4 });
    made[0]?.say(cost(7, 9, 6));
    expect(seen).toEqual([4]);
    expect(gaps).toEqual(['cost']);
    made[0]?.open('cost', 8);
    made[0]?.say(cost(8, 10, 0));
    expect(seen).toEqual([4, 10]);
  });

  it('asks at ever longer intervals for a topic whose frames never fit', () => {
    const { connection, made } = join();
    made[0]?.welcome();
    connection.weights.subscribe();
    const asked = (): number => made[0]!.sent.filter(({ t }) => t === 'sub').length;
    for (let sid = 1; sid <= 200; sid += 1) {
      made[0]?.open('weights', sid);
      const frame = new Uint8Array(64);
      new DataView(frame.buffer).setUint32(8, sid, true);
      made[0]?.onmessage?.({ data: frame.buffer });
      if (sid === 1) expect(asked()).toBe(2);
      vi.advanceTimersByTime(300);
    }
    expect(asked()).toBeLessThan(9);
    expect(asked()).toBeGreaterThan(4);
    connection.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('reconnects by itself, and resumes a log from its offset', () => {
    const { connection, made, states, phases } = join();
    made[0]?.welcome();
    const seen: string[] = [];
    connection.events.subscribe(({ message }) => seen.push(message));
    made[0]?.open('events', 3);
    made[0]?.say(event(3, 1));
    made[0]?.drop();
    expect(states.at(-1)).toMatchObject({
      phase: 'reconnecting',
      reason: 'the connection was lost',
    });
    vi.advanceTimersByTime(states.at(-1)?.retryMs ?? 0);
    made[1]?.welcome();
    expect(made[1]?.last('sub')).toMatchObject({ since: { epoch: 'E', seq: 1 } });
    made[1]?.open('events', 5, { seq: 1, recovered: true });
    made[1]?.say(event(5, 2));
    expect(seen).toEqual(['1', '2']);
    expect(phases()).toEqual(['connecting', 'live', 'reconnecting', 'live']);
  });

  it('says that a server cannot be reached where it never was', () => {
    const { made, states } = join();
    made[0]?.drop();
    const reason = 'the server cannot be reached';
    expect(states.at(-1)).toMatchObject({ phase: 'reconnecting', reason });
  });

  it('waits as long as the server asks it to', () => {
    const { made, states } = join();
    made[0]?.welcome();
    made[0]?.drop(4001, 'retryMs=1234; the server stops');
    expect(states.at(-1)).toMatchObject({ retryMs: 1_234, reason: 'the server stops' });
  });

  it('is over when the server says not to come back, and each topic says why', () => {
    const { connection, made, phases } = join();
    made[0]?.welcome();
    const failed = vi.fn();
    connection.cost.subscribe({ error: failed });
    made[0]?.drop(4403, 'not allowed');
    vi.advanceTimersByTime(120_000);
    expect(made).toHaveLength(1);
    expect(phases().at(-1)).toBe('closed');
    expect(failed.mock.calls[0]?.[0]).toBeInstanceOf(ConnectionClosed);
    expect(failed.mock.calls[0]?.[0]).toMatchObject({ code: 4403, message: 'not allowed' });
  });

  it('gives up a connection that is silent for longer than promised', () => {
    const { made, states } = join();
    made[0]?.welcome({ hb: 1_000 });
    vi.advanceTimersByTime(2_400);
    made[0]?.say({ t: 'hb' });
    vi.advanceTimersByTime(2_400);
    expect(states.at(-1)?.phase).toBe('live');
    vi.advanceTimersByTime(200);
    expect(states.at(-1)).toMatchObject({ phase: 'reconnecting', reason: 'the server is silent' });
  });

  it.each(['{', 'null', '7', '"text"'])('outlives a server that says %s', (nonsense) => {
    const { made, states } = join();
    made[0]?.welcome();
    made[0]?.say(nonsense);
    expect(made[0]?.closedWith).toBe(4000);
    expect(states.at(-1)?.phase).toBe('protocol error');
  });

  it('ends with its signal, without an error', () => {
    const end = new AbortController();
    const { connection, made, phases } = join({ signal: end.signal });
    made[0]?.welcome();
    const done = vi.fn();
    connection.cost.subscribe({ complete: done });
    end.abort();
    expect(done).toHaveBeenCalledOnce();
    expect(made[0]?.closedWith).toBe(1000);
    expect(phases().at(-1)).toBe('closed');
  });
});

it('names the way out where there is no WebSocket', () => {
  vi.stubGlobal('WebSocket', undefined);
  onTestFinished(() => void vi.unstubAllGlobals());
  expect(() => connect('ws://127.0.0.1:1')).toThrow(/take connect from rivulet\/node/);
});
