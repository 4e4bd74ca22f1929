import { describe, expect, test } from 'vitest';
import { encodeHeader, type Frame } from '../../src/broadcast/frame.ts';
import { WeightsAssembler } from '../../src/client/weights.ts';
import { stage } from './pretend.ts';
import { snapshotAt } from './snapshots.ts';

describe('a state topic', () => {
  test('shows the present state first, then no more than the window', () => {
    const { broadcaster, join, pass } = stage();
    broadcaster.publish(snapshotAt(1));
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'cost', maxHz: 10 });
    expect(peer.order).toEqual(['welcome', 'ok', 'cost']);
    for (let step = 2; step < 60; step += 1) {
      broadcaster.publish(snapshotAt(step));
      pass(20);
    }
    expect(peer.all('cost')).toHaveLength(2);
    say({ t: 'ack', sid: 1, seq: peer.last('cost')!.seq });
    const [, second, third] = peer.all('cost');
    expect(third).toMatchObject({ prev: second!.seq });
    // What it shows on the credit is what is new then, not what waited.
    expect(third!.step).toBeGreaterThan(50);
    expect(third!.seq - third!.prev).toBeGreaterThan(1);
  });

  test('rounds the rate down to a class, and keeps to it', () => {
    const { broadcaster, join, pass } = stage();
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'cost', maxHz: 9.5 });
    expect(peer.last('ok')?.maxHz).toBe(5);
    for (let step = 1; step <= 100; step += 1) {
      broadcaster.publish(snapshotAt(step));
      const last = peer.last('cost');
      if (last) say({ t: 'ack', sid: 1, seq: last.seq });
      pass(20);
    }
    expect(peer.all('cost').length).toBeGreaterThanOrEqual(10);
    expect(peer.all('cost').length).toBeLessThanOrEqual(11);
  });

  test('keeps sums, so that a mean between any two frames is exact', () => {
    const { broadcaster, join } = stage();
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'cost' });
    broadcaster.publish(snapshotAt(400));
    expect(peer.last('cost')).toMatchObject({ n: 400, sum: 40, sumSquares: 4, prev: 0 });
  });

  test('gives a distant viewer as many frames as fit in its idle round trip', () => {
    const { broadcaster, clock, join, pass } = stage();
    const { peer, say, session } = join();
    clock.forward(200);
    session.pong();
    say({ t: 'sub', id: 1, topic: 'cost', maxHz: 30 });
    for (let step = 1; step < 100; step += 1) {
      broadcaster.publish(snapshotAt(step));
      pass(34);
    }
    expect(peer.all('cost')).toHaveLength(7);
  });

  test('never measures the round trip while a frame is on the way', () => {
    const { broadcaster, clock, join, pass } = stage({ limits: { pingMs: 1_000 } });
    const { peer, say, session } = join();
    session.pong();
    broadcaster.publish(snapshotAt(1));
    say({ t: 'sub', id: 1, topic: 'cost', maxHz: 30 });
    pass(1_300);
    expect(peer.pings).toBe(2);
    clock.forward(2_000);
    session.pong();
    for (let step = 2; step < 20; step += 1) {
      broadcaster.publish(snapshotAt(step));
      pass(34);
    }
    expect(peer.all('cost')).toHaveLength(2);
  });

  test('narrows the window to two when acknowledgements are late', () => {
    const { broadcaster, clock, join, pass } = stage();
    const { peer, say, session } = join();
    clock.forward(200);
    session.pong();
    say({ t: 'sub', id: 1, topic: 'cost', maxHz: 30 });
    broadcaster.publish(snapshotAt(1));
    clock.forward(700);
    say({ t: 'ack', sid: 1, seq: 1 });
    for (let step = 2; step < 30; step += 1) {
      broadcaster.publish(snapshotAt(step));
      pass(34);
    }
    expect(peer.all('cost')).toHaveLength(3);
  });

  test('waits, with the newest alone, while the socket is full', () => {
    const { broadcaster, join, pass } = stage({ limits: { retainedBytes: 1_000 } });
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'cost', maxHz: 30, window: 16 });
    peer.isStalled = true;
    peer.bufferedAmount = 1;
    for (let step = 1; step < 60; step += 1) {
      broadcaster.publish(snapshotAt(step));
      pass(34);
    }
    expect(peer.bufferedAmount).toBeLessThanOrEqual(1_000);
    peer.isStalled = false;
    peer.bufferedAmount = 0;
    pass(10);
    expect(peer.last('cost')?.step).toBe(59);
  });

  test('sends a frame larger than the limit when nothing else waits', () => {
    const { broadcaster, join } = stage({ limits: { retainedBytes: 10 } });
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'weights' });
    broadcaster.publish(snapshotAt(1));
    expect(peer.frames).toHaveLength(1);
  });

  test('says null for what is not finite', () => {
    const { broadcaster, join } = stage();
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'metrics' });
    broadcaster.publish(snapshotAt(1));
    expect(peer.last('metrics')).toMatchObject({
      metrics: { accuracy: 0.75 },
      baseline: { accuracy: null },
      subscribers: { live: 0, conflated: 1, lagged: 0 },
    });
  });

  test('sends the curve so far on request', () => {
    const { broadcaster, join } = stage();
    for (let step = 1; step <= 1_500; step += 1) broadcaster.publish(snapshotAt(step));
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'cost', history: { points: 1_000 } });
    expect(peer.order).toEqual(['welcome', 'ok', 'history', 'history', 'cost']);
    const points = peer.all('history').flatMap((message) => message.points);
    expect(points).toHaveLength(750);
    expect(points.at(-1)?.[0]).toBe(1_500);
    expect(peer.all('history').map(({ last }) => last)).toEqual([false, true]);
  });
});

describe('weights', () => {
  test.each(['f32', 'q8', 'xor'] as const)('with %s lead every client to the same bits', (enc) => {
    const { broadcaster, join, pass } = stage();
    broadcaster.publish(snapshotAt(1));
    const clients = Array.from({ length: 6 }, (_, index) => {
      const joined = join();
      joined.session.pong();
      joined.say({ t: 'sub', id: 1, topic: 'weights', enc, maxHz: 30 });
      return { ...joined, index, taken: 0, bits: new Map<number, string>() };
    });
    const assemblers = clients.map(() => new WeightsAssembler());
    const { epoch, epochTag, model } = clients[0]!.peer.last('welcome')!;
    for (let step = 2; step < 200; step += 1) {
      broadcaster.publish(snapshotAt(step));
      pass(34);
      for (const [i, client] of clients.entries()) {
        // Each reads at its own pace, so that each misses other differences.
        if (step % (i + 1) !== 0) continue;
        // An acknowledgement brings the next frame, which is for the next look.
        const upTo = client.peer.frames.length;
        for (const frame of client.peer.frames.slice(client.taken, upTo)) {
          const bytes = Buffer.concat([header(frame), frame.payload]);
          const weights = assemblers[i]!.take(bytes, { epoch, epochTag, model });
          client.bits.set(weights.seq, Buffer.from(weights.parameters.buffer).toString('hex'));
          client.say({ t: 'ack', sid: frame.sid, seq: weights.seq });
        }
        client.taken = upTo;
      }
    }
    const everything = new Map(clients.flatMap(({ bits }) => [...bits]));
    for (const { bits } of clients) {
      expect(bits.size).toBeGreaterThan(20);
      for (const [seq, shown] of bits) expect(shown).toBe(everything.get(seq));
    }
  });

  test('with q8 stay within 1e-4 of the truth', () => {
    const { broadcaster, join, pass } = stage();
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'weights', enc: 'q8', maxHz: 30, window: 16 });
    const assembler = new WeightsAssembler();
    for (let step = 1; step < 150; step += 1) {
      const { tensors } = snapshotAt(step / 100);
      broadcaster.publish({ ...snapshotAt(step), tensors });
      const frame = peer.frames.at(-1)!;
      const { name: epoch, tag: epochTag } = broadcaster.epoch;
      const bytes = Buffer.concat([header(frame), frame.payload]);
      const { parameters } = assembler.take(bytes, { epoch, epochTag, model: broadcaster.model });
      say({ t: 'ack', sid: 1, seq: frame.seq });
      const error = tensors[0]!.values.map((value, i) => Math.abs(value - parameters[i]!));
      expect(Math.max(...error)).toBeLessThan(1e-4);
      pass(34);
    }
    expect(peer.frames.filter(({ kind }) => kind === 2).length).toBeGreaterThan(100);
  });

  test('send a keyframe and an event when a parameter is not finite', () => {
    const { broadcaster, join, pass } = stage();
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'weights', enc: 'q8', window: 16 });
    say({ t: 'sub', id: 2, topic: 'events' });
    broadcaster.publish(snapshotAt(1));
    pass(110);
    const broken = snapshotAt(2);
    broken.tensors[0]!.values[3] = Number.NaN;
    broadcaster.publish(broken);
    pass(110);
    expect(peer.frames.map(({ kind }) => kind)).toEqual([1, 1]);
    expect(peer.last('events')).toMatchObject({ kind: 'error' });
  });

  test('announce another shape before its first frame, in a new epoch', () => {
    const { broadcaster, join, pass } = stage();
    broadcaster.publish(snapshotAt(1));
    const { peer, say } = join();
    say({ t: 'sub', id: 1, topic: 'weights', enc: 'q8', window: 16 });
    const grown = snapshotAt(2);
    broadcaster.publish({ ...grown, tensors: grown.tensors.slice(0, 1) });
    pass(200);
    expect(peer.order).toEqual(['welcome', 'ok', 'frame', 'model', 'frame']);
    expect(peer.last('model')).toMatchObject({ epoch: 'epoch-2', model: { params: 6 } });
    expect(peer.frames[1]).toMatchObject({ kind: 1, params: 6 });
    expect(peer.frames[1]!.epochTag).toBe(peer.last('model')!.epochTag);
  });

  test('are a new epoch after a rollback and when the learner went back', () => {
    const { broadcaster } = stage();
    broadcaster.publish(snapshotAt(10));
    expect(broadcaster.epoch.name).toBe('epoch-1');
    broadcaster.event({ kind: 'rollback', step: 5, message: 'weights were not finite' });
    expect(broadcaster.epoch.name).toBe('epoch-2');
    // Going back is what a rollback does: it is reported once.
    broadcaster.publish(snapshotAt(3));
    expect(broadcaster.epoch.name).toBe('epoch-2');
    broadcaster.publish(snapshotAt(2));
    expect(broadcaster.epoch.name).toBe('epoch-3');
  });
});

const header = ({ sid, prev, ...body }: Frame): Uint8Array => encodeHeader(body, sid, prev);
