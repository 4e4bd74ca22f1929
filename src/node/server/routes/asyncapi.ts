import { asyncApi } from '../../../broadcast/asyncapi.ts';
import { type Route, sendJson } from './route.ts';

/** `GET /v1/asyncapi.json`: the protocol, for machines. */
export const asyncApiRoute: Route = {
  method: 'GET',
  path: /^\/v1\/asyncapi\.json$/,
  handle({ request, response }) {
    sendJson(response, asyncApi(request.headers.host ?? 'localhost'));
  },
};
