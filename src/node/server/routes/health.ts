import { type Route, sendJson } from './route.ts';

/** `GET /v2`: what this server is. */
export const serverRoute: Route = {
  method: 'GET',
  path: /^\/v2$/,
  handle({ response }) {
    sendJson(response, { name: 'rivulet', version: 'v1', extensions: [] });
  },
};

/** `GET /v2/health/live`, `GET /healthz`: the server runs. Answered behind any Host. */
export const liveRoute: Route = {
  method: 'GET',
  path: /^(\/v2\/health\/live|\/healthz)$/,
  handle({ response }) {
    sendJson(response, { live: true });
  },
};

/** `GET /v2/health/ready`, `GET /readyz`, behind any Host: every model has something to show, and its checkpoints can be written. */
export const readyRoute: Route = {
  method: 'GET',
  path: /^(\/v2\/health\/ready|\/readyz)$/,
  handle({ response, services }) {
    const ready = services.every(({ isReady }) => isReady);
    sendJson(response, { ready }, ready ? 200 : 503);
  },
};
