import { describe, expect, test } from 'vitest';
import { encodeHeader } from '../../src/broadcast/frame.ts';
import { WeightsAssembler } from '../../src/client/weights.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';
import { type PretendPeer, stage } from './pretend.ts';
import { snapshotAt } from './snapshots.ts';

/** How far a client's parameters are from the truth, when it has taken all frames that came. */
const distance = (
  { frames }: PretendPeer,
  { broadcaster }: ReturnType<typeof stage>,
  { tensors }: Snapshot,
): number => {
  const { epoch, model } = broadcaster;
  const assembler = new WeightsAssembler();
  let parameters = new Float32Array();
  for (const frame of frames) {
    const bytes = Buffer.concat([encodeHeader(frame, frame.sid, frame.prev), frame.payload]);
    const context = { epoch: epoch.name, epochTag: epoch.tag, model };
    parameters = assembler.take(bytes, context).parameters as Float32Array<ArrayBuffer>;
  }
  const truth = tensors.flatMap(({ values }) => [...values]);
  return Math.max(...truth.map((value, i) => Math.abs(value - parameters[i]!)));
};

const sub = { t: 'sub', id: 1, topic: 'weights', enc: 'q8', maxHz: 30, window: 16 };

/** Weights that move by up to 2, so that a difference is rough. */
const watched = (topic: object = sub) => {
  const staged = stage();
  const first = staged.join();
  staged.broadcaster.publish(snapshotAt(1));
  first.say(topic);
  staged.pass(50);
  const last = snapshotAt(30);
  staged.broadcaster.publish(last);
  staged.pass(50);
  return { staged, last, ...first };
};

describe('when learning pauses', () => {
  test('a q8 viewer is brought within a part of what was missing, once', () => {
    const { staged, last, peer } = watched();
    expect(distance(peer, staged, last)).toBeGreaterThan(1e-3);
    const before = peer.frames.length;
    staged.pass(10_000);
    expect(peer.frames.length).toBe(before + 1);
    expect(distance(peer, staged, last)).toBeLessThan(4e-5);
    expect(peer.frames.at(-1)!.seq).toBe(peer.frames.at(-1)!.prev + 1);
  });

  test('so is one that joins afterwards', () => {
    const { staged, last, peer, say } = watched();
    say({ t: 'unsub', id: 9, sid: 1 });
    staged.pass(10_000);
    expect(peer.frames).toHaveLength(2);
    const late = staged.join();
    late.say(sub);
    staged.pass(2_000);
    expect(distance(late.peer, staged, last)).toBeLessThan(4e-5);
  });

  test('a slow viewer is as well', () => {
    const { staged, last, peer } = watched({ ...sub, maxHz: 1 });
    staged.pass(10_000);
    expect(distance(peer, staged, last)).toBeLessThan(4e-5);
  });

  test.each([{ enc: 'xor' }, { enc: 'f32' }, { topic: 'cost', enc: undefined }])(
    'one that has the state exactly gets nothing more: %o',
    (options) => {
      const { staged, peer } = watched({ ...sub, ...options });
      const before = peer.order.filter((t) => t !== 'hb').length;
      staged.pass(10_000);
      expect(peer.order.filter((t) => t !== 'hb')).toHaveLength(before);
    },
  );

  test('the next state comes as ever', () => {
    const { staged, peer } = watched();
    staged.pass(2_000);
    const next = snapshotAt(60);
    staged.broadcaster.publish(next);
    staged.pass(2_000);
    expect(distance(peer, staged, next)).toBeLessThan(4e-5);
    expect(peer.frames).toHaveLength(5);
  });
});
