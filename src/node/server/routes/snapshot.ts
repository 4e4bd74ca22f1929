import type { Service } from '../../../broadcast/service.ts';
import { dtypeOf } from '../../../snapshot/safetensors.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { HttpError, queriedService, type Route, sendJson } from './route.ts';

/** The newest snapshot of a model; 503 while there is none. */
export const newestSnapshot = ({ broadcaster }: Service): Snapshot => {
  const { snapshot } = broadcaster;
  if (snapshot) return snapshot;
  throw new HttpError(503, 'there is no snapshot yet', { 'Retry-After': '1' });
};

/** `GET /v1/snapshot`: the newest state, without the parameters. */
export const snapshotRoute: Route = {
  method: 'GET',
  path: /^\/v1\/snapshot$/,
  role: 'read',
  handle(exchange) {
    const service = queriedService(exchange);
    const { tensors, ...rest } = newestSnapshot(service);
    const shapes = tensors.map(({ name, shape, values }) => ({
      name,
      shape,
      dtype: dtypeOf(values),
    }));
    const { name: epoch } = service.broadcaster.epoch;
    sendJson(exchange.response, { model: service.name, epoch, ...rest, tensors: shapes });
  },
};
