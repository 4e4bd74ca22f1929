import { describe, expect, test } from 'vitest';
import { stage } from './pretend.ts';
import { snapshotAt } from './snapshots.ts';

describe('a session', () => {
  test('is welcomed with the model, and pinged before any frame is on the way', () => {
    const { broadcaster, join } = stage();
    broadcaster.publish(snapshotAt(7));
    const { peer } = join();
    expect(peer.last('welcome')).toMatchObject({
      v: 1,
      epoch: 'epoch-1',
      step: 7,
      models: ['toy'],
      model: { name: 'toy', params: 9, classes: ['a', 'b', 'c'] },
    });
    expect(peer.last('welcome')?.model.tensors[1]).toEqual({ name: 'l0.b', shape: [3], offset: 6 });
    expect(peer.pings).toBe(1);
  });

  test.each([
    ['no JSON', 'nonsense', 4400],
    ['an array', '[]', 4400],
    ['an unknown message', '{"t":"dance"}', 4400],
    ['the name of a method', '{"t":"toString"}', 4400],
    ['something before hello', '{"t":"ack","sid":1,"seq":1}', 4400],
    ['another version', '{"t":"hello","v":2}', 4406],
    ['a wrong token', '{"t":"hello","v":1,"auth":"wrong"}', 4401],
    ['an unknown model', '{"t":"hello","v":1,"model":"none"}', 4403],
    [
      'a control message that is too large',
      `{"t":"hello","v":1,"x":"${'y'.repeat(70_000)}"}`,
      4413,
    ],
  ])('is closed for %s', (_, text, code) => {
    const { connect, hub } = stage();
    const { peer, session } = connect();
    session.receive(text);
    expect(peer.closed?.code).toBe(code);
    expect(hub.sessions.size).toBe(0);
    session.receive('{"t":"hello","v":1}');
    expect(peer.messages).toEqual([]);
  });

  test('is closed for a second hello, a binary message, and a malformed request', () => {
    const { join } = stage();
    const [again, binary, malformed] = [join(), join(), join()];
    again.say({ t: 'hello', v: 1 });
    binary.session.receiveBinary();
    malformed.say({ t: 'sub', id: -1, topic: 'cost' });
    expect(again.peer.closed).toEqual({ code: 4400, reason: 'a second hello' });
    expect(binary.peer.closed?.code).toBe(4400);
    expect(malformed.peer.closed).toEqual({ code: 4400, reason: 'sub/id: must be >= 0' });
  });

  test('is closed when it says no hello, and when it does not answer a ping', () => {
    const { connect, join, pass } = stage();
    const silent = connect();
    const dead = join();
    pass(5_300);
    expect(silent.peer.closed?.code).toBe(4007);
    pass(3_000);
    expect(dead.peer.closed?.code).toBe(4003);
  });

  test('hears hb in a silence, and is pinged from time to time', () => {
    const { join, pass } = stage();
    const { peer, session } = join();
    session.pong();
    pass(26_000);
    expect(peer.pings).toBe(2);
    session.pong();
    pass(20_000);
    expect(peer.all('hb').length).toBeGreaterThanOrEqual(2);
    expect(peer.pings).toBe(2);
    expect(peer.closed).toBeUndefined();
  });

  test('is closed when its token expires', () => {
    const authenticate = () => ({ roles: ['read' as const], expiresAt: 1_000_500 });
    const { connect, pass } = stage({ hub: { authenticate } });
    const { peer, say, session } = connect();
    say({ t: 'hello', v: 1, auth: 'any' });
    session.pong();
    pass(400);
    expect(peer.closed).toBeUndefined();
    pass(400);
    expect(peer.closed?.code).toBe(4004);
  });

  test('may send a limited number of messages per second, and is closed when it continues', () => {
    const { clock, join } = stage({ limits: { messagesPerSecond: 10, breaches: 3 } });
    const { peer, say } = join();
    for (let i = 0; i < 10; i += 1) say({ t: 'hb' });
    expect(peer.last('err')).toMatchObject({ code: 'limit', retryMs: 1000 });
    clock.forward(1_000);
    for (let i = 0; i < 11; i += 1) say({ t: 'hb' });
    expect(peer.closed).toBeUndefined();
    say({ t: 'hb' });
    expect(peer.closed?.code).toBe(4429);
  });

  test('that does not read its answers is closed, not waited for', () => {
    const { join } = stage();
    const { peer, say } = join();
    peer.isStalled = true;
    peer.bufferedAmount = 1;
    for (let id = 1; id < 70; id += 1) say({ t: 'unsub', id, sid: 99 });
    expect(peer.closed?.code).toBe(4005);
    expect(peer.closed?.reason).toMatch(/^retryMs=\d+/);
  });

  test('that names an epoch long over must start afresh', () => {
    const { broadcaster, join, pass } = stage();
    const { peer, say, session } = join();
    session.pong();
    broadcaster.publish(snapshotAt(1));
    broadcaster.startEpoch('a reset');
    say({ t: 'ack', sid: 1, seq: 1, epoch: 'epoch-1' });
    expect(peer.closed).toBeUndefined();
    pass(5_100);
    say({ t: 'ack', sid: 1, seq: 1, epoch: 'epoch-1' });
    expect(peer.closed?.code).toBe(4006);
  });

  test('is sent away with a time to come back when the hub stops', () => {
    const { hub, join } = stage();
    const { peer } = join();
    hub.stop(1_000);
    expect(peer.closed).toEqual({ code: 4001, reason: 'retryMs=1000; the server is stopping' });
  });
});
