import { describe, expect, test } from 'vitest';
import { stage } from './pretend.ts';

const drift = (step: number) => ({ kind: 'drift' as const, step, message: `drift at ${step}` });

describe('a log', () => {
  test('gives every subscriber every entry once, in order', () => {
    const { broadcaster, join } = stage();
    const [one, other] = [join(), join()];
    one.say({ t: 'sub', id: 1, topic: 'events' });
    broadcaster.event(drift(1));
    other.say({ t: 'sub', id: 1, topic: 'events', history: { points: 5 } });
    broadcaster.event(drift(2));
    for (const { peer, session } of [one, other]) {
      session.offer(0);
      expect(peer.all('events').map(({ seq, step }) => [seq, step])).toEqual([
        [1, 1],
        [2, 2],
      ]);
    }
  });

  test('resumes exactly from the offset of a client', () => {
    const { broadcaster, join } = stage();
    for (let step = 1; step <= 10; step += 1) broadcaster.event(drift(step));
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'events', since: { epoch: 'epoch-1', seq: 7 } });
    expect(peer.last('ok')).toMatchObject({ seq: 7, recovered: true });
    expect(peer.all('events').map(({ seq }) => seq)).toEqual([8, 9, 10]);
  });

  test('continues in another process, under numbers that nobody has seen', () => {
    const { broadcaster } = stage();
    for (let step = 1; step <= 3; step += 1) broadcaster.event(drift(step));
    const { history } = broadcaster;
    expect(history).toEqual({ epoch: 'epoch-1', logs: { events: 3, errors: 0 } });
    const next = stage({ continued: { ...history, epoch: 'E' } });
    next.broadcaster.event(drift(4));
    const { peer, say } = next.join();
    say({ t: 'sub', id: 1, topic: 'events', since: { epoch: 'E', seq: 3 } });
    expect(peer.last('ok')).toMatchObject({ epoch: 'E', seq: 3, recovered: true });
    expect(peer.all('events').map(({ seq }) => seq)).toEqual([4]);
    say({ t: 'sub', id: 2, topic: 'events', since: { epoch: 'E', seq: 2 } });
    expect(peer.last('ok')).toMatchObject({ id: 2, recovered: false });
  });

  test.each([
    ['of another epoch', { epoch: 'epoch-0', seq: 7 }],
    ['that is forgotten', { epoch: 'epoch-1', seq: 1 }],
    ['that has not been', { epoch: 'epoch-1', seq: 99 }],
  ])('does not pretend to resume from an offset %s', (_, since) => {
    const { broadcaster, join } = stage({ limits: { logEntries: 4 } });
    for (let step = 1; step <= 10; step += 1) broadcaster.event(drift(step));
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'events', since });
    expect(peer.last('ok')).toMatchObject({ seq: 10, recovered: false });
    expect(peer.all('events')).toEqual([]);
  });

  test('tells a slow subscriber how much it missed, and continues with what there is', () => {
    const { broadcaster, join, pass } = stage({ limits: { logEntries: 4, retainedBytes: 300 } });
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'events' });
    peer.isStalled = true;
    peer.bufferedAmount = 1;
    for (let step = 1; step <= 20; step += 1) {
      broadcaster.event(drift(step));
      pass(5);
    }
    const seen = peer.all('events').length;
    expect(seen).toBeLessThan(4);
    peer.isStalled = false;
    peer.bufferedAmount = 0;
    pass(5);
    expect(peer.last('reset')).toEqual({ t: 'reset', sid: 1, missed: 16 - seen, reason: 'lagged' });
    expect(
      peer
        .all('events')
        .map(({ seq }) => seq)
        .slice(seen),
    ).toEqual([17, 18, 19, 20]);
  });

  test('closes who fell behind and asked for that', () => {
    const { broadcaster, join, pass } = stage({ limits: { logEntries: 4, retainedBytes: 100 } });
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'events', onLag: 'close' });
    peer.isStalled = true;
    peer.bufferedAmount = 1_000;
    for (let step = 1; step <= 20; step += 1) broadcaster.event(drift(step));
    pass(5);
    expect(peer.closed?.code).toBe(4002);
  });

  test('forgets entries that are old, but for the newest few, and counts all of them', () => {
    const { broadcaster, clock, hub } = stage({ limits: { logMs: 1_000, logKept: 3 } });
    for (let step = 1; step <= 8; step += 1) broadcaster.event(drift(step));
    clock.forward(2_000);
    hub.tick();
    const { events } = broadcaster.logs;
    expect([events.first, events.last]).toEqual([6, 8]);
    clock.forward(86_400_000);
    hub.tick();
    expect([events.first, events.last]).toEqual([6, 8]);
    expect(events.get(6)?.rest).toContain('"step":6');
  });

  test('of refused samples says how many it left out', () => {
    const { broadcaster, clock, join, pass } = stage();
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'errors' });
    const refuse = (index: number) => broadcaster.reject({ code: 'value', reason: 'NaN', index });
    for (let index = 0; index < 50; index += 1) refuse(index);
    clock.forward(1_000);
    refuse(50);
    pass(5);
    expect(peer.all('errors')).toHaveLength(21);
    expect(peer.last('errors')).toMatchObject({ index: 50, suppressed: 30, message: 'NaN' });
  });
});
