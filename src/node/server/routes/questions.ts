import { BadMessage, checked } from '../../../broadcast/parse.ts';
import { requestKinds } from '../../../broadcast/request-table.ts';
import { readJson } from './body.ts';
import { HttpError, queriedService, type Route, sendJson } from './route.ts';

/** The message of a request over HTTP: its body, with what a WebSocket message has beside it. */
const messageOf = (t: string, body: unknown): unknown => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HttpError(400, 'expected an object, such as {"features": [{…}]}');
  }
  try {
    return checked({ ...body, t, id: 0 });
  } catch (error) {
    if (error instanceof BadMessage) throw new HttpError(400, error.message);
    throw error;
  }
};

/** `POST /v1/NAME` for each request that the table offers over HTTP: the body is the message. */
export const questionRoutes: readonly Route[] = Object.entries(requestKinds)
  .filter(([, { http }]) => http)
  .map(([t, kind]) => ({
    method: 'POST',
    path: new RegExp(`^/v1/${t}$`),
    ...(kind.role && { role: kind.role }),
    async handle(exchange) {
      const { request, response, limits } = exchange;
      const service = queriedService(exchange);
      const message = messageOf(t, await readJson(request, limits));
      sendJson(response, await kind.answer!(message as never, service));
    },
  }));
