import { encodeFrozen } from '../../../snapshot/frozen-model.ts';
import { queriedService, type Route } from './route.ts';

/**
 * `GET /v1/frozen`: one network of a model at one moment, with the newest samples. `?network=` names it;
 * default: the first.
 */
export const frozenRoute: Route = {
  method: 'GET',
  path: /^\/v1\/frozen$/,
  role: 'read',
  async handle(exchange) {
    const { query, response } = exchange;
    const service = queriedService(exchange);
    const { name: epoch } = service.broadcaster.epoch;
    const network = query.get('network');
    const frozen = await service.freeze(network === null ? {} : { network });
    const file = encodeFrozen(frozen, { model: service.name, epoch });
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': file.byteLength,
      'Cache-Control': 'no-store',
    });
    response.end(file);
  },
};
