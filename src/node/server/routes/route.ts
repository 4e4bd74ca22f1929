import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '../../../broadcast/identity.ts';
import type { Limits } from '../../../broadcast/limits.ts';
import { asRequestError } from '../../../broadcast/request-error.ts';
import type { Role } from '../../../broadcast/server-messages.ts';
import type { Service } from '../../../broadcast/service.ts';

/** What a route is given to answer with. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** What the named groups of the path matched. */
  readonly groups: Readonly<Record<string, string>>;
  readonly limits: Limits;
  /** The client; of a route without a role anybody. */
  readonly identity: Identity;
  /** The models that the client may see, and no others: all where the route has no role. */
  readonly services: readonly Service[];
  /** WebSockets at present; absent where the client may not see all models. */
  readonly connections?: number;
}

/** A request of the HTTP API. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** The role that is needed. Without one the answer must not depend on any model's data. */
  readonly role?: Role;
  handle(exchange: Exchange): void | Promise<void>;
}

/** A request that is refused with a status and a message. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What the answer holds beside `error`. */
  readonly detail: object;

  constructor(
    status: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    detail: object = {},
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.detail = detail;
  }
}

const statuses: Readonly<Record<string, number>> = {
  busy: 429,
  gap: 409,
  forbidden: 403,
  unsupported: 501,
  internal: 500,
};

/** Whatever went wrong, as an answer. */
export const asHttpError = (error: unknown): HttpError => {
  if (error instanceof HttpError) return error;
  const { code, message, detail } = asRequestError(error);
  const { retryMs } = detail;
  return new HttpError(
    statuses[code] ?? 400,
    message,
    retryMs === undefined ? {} : { 'Retry-After': String(Math.ceil(retryMs / 1000)) },
  );
};

/** The model of that name, or the first that the client may see. Throws where it may not see it. */
export const serviceOf = ({ services, identity }: Exchange, name: string | undefined): Service => {
  const service = name === undefined ? services[0] : services.find((found) => found.name === name);
  if (service) return service;
  // Whether there is such a model is not for a token that is for others.
  if (identity.models) throw new HttpError(403, `no model ${name ?? 'at all'} for this token`);
  throw new HttpError(404, `there is no model ${name}`);
};

/** The model that `?model=` names, or the first. */
export const queriedService = (exchange: Exchange): Service =>
  serviceOf(exchange, exchange.query.get('model') ?? undefined);

/** Answers with JSON. With `end: false` the client has all of it, but the exchange stays open. */
export const sendJson = (
  response: ServerResponse,
  value: unknown,
  status = 200,
  { end = true }: { end?: boolean } = {},
): void => {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  if (end) response.end(body);
  else response.write(body);
};
