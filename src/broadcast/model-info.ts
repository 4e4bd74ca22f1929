import type { Snapshot } from '../snapshot/snapshot.ts';
import type { ModelInfo } from './server-messages.ts';
import { sha256 } from './sha256.ts';

/** What a server says of a model beside the shapes of its tensors. */
export type ModelDescription = Pick<
  ModelInfo,
  'features' | 'inputs' | 'outputs' | 'source' | 'frozen'
>;

/** What a client must know to read the frames of this snapshot; without one, of no tensors. */
export const modelInfo = (
  name: string,
  snapshot: Snapshot | undefined,
  description: ModelDescription = {},
): ModelInfo => {
  let params = 0;
  const tensors = (snapshot?.tensors ?? []).map((tensor) => {
    const offset = params;
    params += tensor.values.length;
    return { name: tensor.name, shape: [...tensor.shape], offset };
  });
  const classes = snapshot?.classes;
  const schema = `sha256:${sha256(shapeKey(snapshot))}`;
  const base = { name, schema, params, tensors, ...description };
  return classes ? { ...base, classes: [...classes] } : base;
};

/** Equal for two snapshots exactly when a client can read both with the same {@link ModelInfo}. */
export const shapeKey = (snapshot: Snapshot | undefined): string =>
  JSON.stringify([
    (snapshot?.tensors ?? []).map(({ name, shape }) => [name, shape]),
    snapshot?.classes ?? null,
  ]);
