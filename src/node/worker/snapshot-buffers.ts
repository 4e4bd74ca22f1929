import type { Snapshot } from '../../snapshot/snapshot.ts';

/**
 * What a snapshot's tensors lie in, each once: they are copies that nobody else holds, so they can
 * move to another thread instead of being copied again. The snapshot is empty afterwards.
 */
export const snapshotBuffers = ({ tensors }: Snapshot): ArrayBuffer[] => [
  ...new Set(tensors.map(({ values }) => values.buffer as ArrayBuffer)),
];
