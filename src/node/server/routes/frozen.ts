import { encodeFrozen } from '../../../snapshot/frozen-model.ts';
import { HttpError, queriedService, type Route } from './route.ts';

/** The most units of a layer in a part of a network. */
const unitsMost = 64;

const unitsIn = (text: string): number => {
  const units = Number(text);
  if (Number.isInteger(units) && units >= 1 && units <= unitsMost) return units;
  throw new HttpError(400, `units must be a whole number from 1 to ${unitsMost}, not ${text}`);
};

/**
 * `GET /v1/frozen`: one network of a model at one moment, with the newest samples. `?network=` names it;
 * default: the first. Of one that is too large, `?units=` limits the units per layer.
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
    const units = query.get('units');
    const frozen = await service.freeze({
      ...(network !== null && { network }),
      ...(units !== null && { unitsMax: unitsIn(units) }),
    });
    const file = encodeFrozen(frozen, { model: service.name, epoch });
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': file.byteLength,
      'Cache-Control': 'no-store',
    });
    response.end(file);
  },
};
