import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hub } from '../../broadcast/hub.ts';
import { type Identity, maySee } from '../../broadcast/identity.ts';
import { asRequestError } from '../../broadcast/request-error.ts';
import type { Role } from '../../broadcast/server-messages.ts';
import type { Service } from '../../broadcast/service.ts';

/** What a route is given to answer with. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** What the named groups of the path matched. */
  readonly groups: Readonly<Record<string, string>>;
  readonly hub: Hub;
  /** Who asks; of a route without a role anybody may. */
  readonly identity: Identity;
}

/** One thing that can be asked for over HTTP. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** What the asker must be allowed to do; absent: anybody may ask. */
  readonly role?: Role;
  handle(exchange: Exchange): void | Promise<void>;
}

/** A request that is refused with a status and a message. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
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

/** The model of that name, or the first. Throws when there is none, or the token is not for it. */
export const serviceOf = ({ hub, identity }: Exchange, name: string | undefined): Service => {
  const service = hub.service(name);
  if (!service) throw new HttpError(404, `there is no model ${name}`);
  if (!maySee(identity, service.name)) {
    throw new HttpError(403, `the token is not for model ${service.name}`);
  }
  return service;
};

/** The model that `?model=` names, or the first. */
export const queriedService = (exchange: Exchange): Service =>
  serviceOf(exchange, exchange.url.searchParams.get('model') ?? undefined);

/** Answers with JSON. */
export const sendJson = (response: ServerResponse, value: unknown, status = 200): void => {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(body);
};

/** Reads the body as JSON, up to so many bytes. */
export const readJson = async (
  request: IncomingMessage & { readonly body?: unknown },
  bytesMax: number,
): Promise<unknown> => {
  // Express has read it where its `json()` comes first, and leaves it here.
  if (request.readableEnded && request.body !== undefined) return request.body;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bytesMax) throw new HttpError(413, `the body has more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
};
