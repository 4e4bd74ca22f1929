import type { Memory } from '../../learn/learner.ts';
import { tensorsOf } from '../../snapshot/memory-text.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';

/**
 * What a snapshot's tensors lie in, each once: they are copies that nobody else holds, so they can
 * move to another thread instead of being copied again. The snapshot is empty afterwards.
 */
export const snapshotBuffers = ({ tensors }: Pick<Snapshot, 'tensors'>): ArrayBuffer[] =>
  buffersOf(tensors);

/** The same of a saved memory. */
export const memoryBuffers = (memory: Memory): ArrayBuffer[] => buffersOf(tensorsOf(memory));

const buffersOf = (tensors: readonly { readonly values: ArrayBufferView }[]): ArrayBuffer[] => [
  ...new Set(tensors.map(({ values }) => values.buffer as ArrayBuffer)),
];
