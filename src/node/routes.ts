import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hub } from '../broadcast/hub.ts';
import type { Role } from '../broadcast/server-messages.ts';

/** What a route is given to answer with. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** What the groups of the path matched. */
  readonly groups: Readonly<Record<string, string>>;
  readonly hub: Hub;
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

const snapshot: Route = {
  method: 'GET',
  path: /^\/v1\/snapshot$/,
  role: 'read',
  handle({ response, url, hub }) {
    const service = hub.service(url.searchParams.get('model') ?? undefined);
    if (!service) throw new HttpError(404, 'there is no such model');
    const model = service.broadcaster;
    if (!model.snapshot)
      throw new HttpError(503, 'there is no snapshot yet', { 'Retry-After': '1' });
    const { tensors, ...rest } = model.snapshot;
    const shapes = tensors.map(({ name, shape }) => ({ name, shape }));
    sendJson(response, { model: model.name, epoch: model.epoch.name, ...rest, tensors: shapes });
  },
};

/** All routes. */
export const routes: readonly Route[] = [snapshot];
