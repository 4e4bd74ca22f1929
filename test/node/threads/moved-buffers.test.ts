import { describe, expect, it } from 'vitest';
import type { Learner } from '../../../src/learn/learner.ts';
import { Network } from '../../../src/learn/network.ts';
import { pool } from '../../../src/learn/pool/pool.ts';
import { singleNetwork } from '../../../src/learn/single-network.ts';
import { snapshotBuffers } from '../../../src/node/threads/moved-buffers.ts';
import type { Snapshot } from '../../../src/snapshot/snapshot.ts';

const task = { task: 'classification', inputCount: 4, outputCount: 3 } as const;

const learners = [
  ['network', () => new Network({ sizes: [4, 5, 3] })],
  ['network of the reference', () => new Network({ sizes: [4, 5, 3], engine: 'reference' })],
  ['singleNetwork', () => singleNetwork(task)],
  ['pool', () => pool(task)],
] as const;

describe.each(learners)('the snapshot of a %s', (_name, make) => {
  it('moves to another thread whole, and leaves the learner as it was', () => {
    const learner: Learner = make();
    for (let i = 0; i < 20; i += 1) learner.learn([i, 1, 0, -1], [i % 2, (i + 1) % 2, 0]);
    const tensors = learner.tensors!();
    const before = structuredClone(tensors);
    const prediction = learner.predict([1, 2, 3, 4]);
    const transfer = snapshotBuffers({ tensors } as unknown as Snapshot);
    expect(structuredClone(tensors, { transfer })).toEqual(before);
    expect(tensors.every(({ values }) => values.length === 0)).toBe(true);
    expect(learner.predict([1, 2, 3, 4])).toEqual(prediction);
    expect(learner.tensors!()).toEqual(before);
  });
});
