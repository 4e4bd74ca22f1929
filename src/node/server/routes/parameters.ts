import { encodeSafetensors } from '../../../snapshot/safetensors.ts';
import { queriedService, type Route } from './route.ts';
import { newestSnapshot } from './snapshot.ts';

/** `GET /v1/model`: all parameters, as a safetensors file that other tools can load. */
export const parametersRoute: Route = {
  method: 'GET',
  path: /^\/v1\/model$/,
  role: 'read',
  handle(exchange) {
    const service = queriedService(exchange);
    const { tensors, step, classes } = newestSnapshot(service);
    const file = encodeSafetensors(tensors, {
      model: service.name,
      epoch: service.broadcaster.epoch.name,
      step: String(step),
      ...(classes ? { classes: JSON.stringify(classes) } : {}),
    });
    const name = encodeURIComponent(service.name);
    exchange.response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': file.byteLength,
      'Content-Disposition': `attachment; filename*=UTF-8''${name}-${step}.safetensors`,
      'Cache-Control': 'no-store',
    });
    exchange.response.end(file);
  },
};
