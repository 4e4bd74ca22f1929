import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Hub } from '../../broadcast/hub.ts';
import { type Identity, maySee } from '../../broadcast/identity.ts';
import type { Limits } from '../../broadcast/limits.ts';
import type { Access } from './access.ts';
import type { Admitted, RequestGuard } from './request-guard.ts';
import { discardBody } from './routes/body.ts';
import { routes } from './routes/index.ts';
import { asHttpError, type Exchange, HttpError, type Route, sendJson } from './routes/route.ts';
import { securityHeaders, sendFile } from './static-files.ts';

/** What bounds the requests of one connection. */
type TurnLimits = Pick<Limits, 'requestsPipelined' | 'requestsPerConnection'>;

/**
 * The order of the requests of each connection. A client may send many without reading an answer
 * (pipelining). Node parses them all, but only the first can be answered: work for the others would
 * hold their files and answers for as long as the client likes.
 */
class Turns {
  readonly #limits: TurnLimits;
  readonly #waiting = new WeakMap<Socket, number>();
  readonly #served = new WeakMap<Socket, number>();

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** Done when the answer can be sent: true; or when the connection has ended before: false. */
  async next(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { socket } = request;
    const served = (this.#served.get(socket) ?? 0) + 1;
    this.#served.set(socket, served);
    if (served >= this.#limits.requestsPerConnection) response.setHeader('Connection', 'close');
    if (response.socket || response.destroyed) return !response.destroyed;
    const waiting = (this.#waiting.get(socket) ?? 0) + 1;
    if (waiting > this.#limits.requestsPipelined) {
      socket.destroy();
      return false;
    }
    this.#waiting.set(socket, waiting);
    const isNext = await assigned(request, response);
    this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1);
    return isNext;
  }
}

const assigned = (request: IncomingMessage, response: ServerResponse): Promise<boolean> =>
  new Promise((resolve) => {
    response.once('socket', () => resolve(true));
    request.once('close', () => {
      if (request.socket.destroyed) resolve(false);
    });
  });

/** How long a browser may remember what a preflight said, in seconds. */
const maxAge = '600';

/** Lets pages of allowed origins read the answer. */
const setCorsHeaders = (
  access: Access,
  { headers: { origin } }: IncomingMessage,
  response: ServerResponse,
): void => {
  if (origin === undefined || !access.isAllowedOrigin(origin)) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', 'Retry-After, Content-Disposition');
  response.setHeader('Vary', 'Origin');
};

/** Answers OPTIONS: the methods of a path and, for a browser that asks first, what it may send. */
const preflight = (response: ServerResponse, matching: readonly Route[]): void => {
  const known = matching.length > 0 ? matching.map(({ method }) => method) : (['GET'] as const);
  const allow = [
    ...new Set(known.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method))),
  ];
  response.setHeader('Allow', [...allow, 'OPTIONS'].join(', '));
  if (response.hasHeader('Access-Control-Allow-Origin')) {
    response.setHeader('Access-Control-Allow-Methods', allow.join(', '));
    response.setHeader(
      'Access-Control-Allow-Headers',
      'Authorization, Content-Encoding, Content-Type',
    );
    response.setHeader('Access-Control-Max-Age', maxAge);
  }
  response.writeHead(204);
  response.end();
};

/** What {@link HttpHandler} is made of. */
export interface HttpHandlerOptions {
  readonly hub: Hub;
  readonly access: Access;
  readonly guard: RequestGuard;
  /** The folder of the page that is served at `/`. */
  readonly page?: string | undefined;
}

/** Answers the HTTP requests of a server. */
export class HttpHandler {
  readonly #options: HttpHandlerOptions;
  readonly #turns: Turns;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: HttpHandlerOptions) {
    this.#options = options;
    this.#headers = securityHeaders(options.access.frameAncestors);
    this.#turns = new Turns(options.hub.limits);
  }

  /** Answers; never throws and never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#serve(request, response);
    } catch {
      // Whatever else goes wrong, such as a response that its server has begun, ends this connection alone.
      request.socket.destroy();
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A connection that fails has no answer to give, and nobody else who listens.
    response.on('error', () => {});
    request.on('error', () => {});
    if (!(await this.#turns.next(request, response))) return;
    try {
      for (const [name, value] of Object.entries(this.#headers)) response.setHeader(name, value);
      await this.#answer(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else await this.#refuse(request, response, error);
    }
    const { answerMs } = this.#options.hub.limits;
    if (!response.writableFinished) response.setTimeout(answerMs, () => response.destroy());
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { access, guard, page, hub } = this.#options;
    // First, so that a page may read a refusal too.
    setCorsHeaders(access, request, response);
    const admitted = guard.admit(request, 'request');
    if ('status' in admitted) {
      throw new HttpError(admitted.status, admitted.message, admitted.headers);
    }
    // Nobody reads a body that comes with GET: its rest must not keep the connection.
    if (request.method !== 'POST' && hasBody(request)) response.setHeader('Connection', 'close');
    const { path } = admitted.target;
    const matching = routes.filter((route) => route.path.test(path));
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = matching.find((candidate) => candidate.method === method);
    if (route) await route.handle(this.#exchange(route, { request, response, admitted }));
    else if (method === 'OPTIONS') preflight(response, matching);
    else if (matching.length > 0) throw methodError(matching);
    else if (
      method !== 'GET' ||
      !page ||
      !(await sendFile(response, {
        ...{ page, path, ancestors: access.frameAncestors },
        ...hub.limits,
      }))
    )
      throw new HttpError(404, 'not found');
  }

  #exchange(
    route: Route,
    {
      request,
      response,
      admitted,
    }: Pick<Exchange, 'request' | 'response'> & { admitted: Admitted },
  ): Exchange {
    const { hub } = this.#options;
    const { path, query } = admitted.target;
    const identity = authorized(route, admitted);
    return {
      request,
      response,
      query,
      groups: route.path.exec(path)?.groups ?? {},
      limits: hub.limits,
      identity,
      services: hub.services.filter(({ name }) => maySee(identity, name)),
      ...(identity.models === undefined && { connections: hub.sessions.size }),
    };
  }

  /** Answers with an error, and lets the client read it: it may be sending its body still. */
  async #refuse(request: IncomingMessage, response: ServerResponse, error: unknown): Promise<void> {
    const { status, message, headers, detail } = asHttpError(error);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const body = { error: message, ...detail };
    if (request.complete) {
      sendJson(response, body, status);
      return;
    }
    response.setHeader('Connection', 'close');
    sendJson(response, body, status, { end: false });
    await discardBody(request);
    response.end();
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0;

const nobody: Identity = { roles: [] };

/** Whom the route answers: everybody where it needs no role. */
const authorized = ({ role }: Route, { identity }: Admitted): Identity => {
  if (!role) return nobody;
  if (!identity || 'status' in identity) {
    throw new HttpError(401, 'a valid token is needed', { 'WWW-Authenticate': 'Bearer' });
  }
  if (identity.roles.includes(role)) return identity;
  throw new HttpError(403, `the role ${role} is needed`);
};

const methodError = (matching: readonly Route[]): HttpError =>
  new HttpError(405, 'method not allowed', {
    Allow: [...new Set(matching.map(({ method }) => method)), 'OPTIONS'].join(', '),
  });
