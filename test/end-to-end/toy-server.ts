import type { Limits } from '../../src/broadcast/limits.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { type ServeOptions, serve } from '../../src/node/server/serve.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { ToyModel } from '../broadcast/toy-model.ts';
import { rawClient } from './raw-client.ts';

/** A served {@link ToyModel} that has one state, and clients that are welcome. */
export const toyServer = async (limits: Partial<Limits> = {}, options: ServeOptions = {}) => {
  const shown = broadcaster({ name: 'toy', limits });
  shown.publish(snapshotAt(1));
  const model = new ToyModel();
  const server = await serve({ broadcaster: shown, model }, { port: 0, limits, ...options });
  const { url, port } = server;
  const join = async () => {
    const client = await rawClient(url);
    await client.next('welcome');
    return client;
  };
  return { shown, model, server, url, port, join };
};
