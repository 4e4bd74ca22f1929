import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hub } from '../broadcast/hub.ts';
import type { Identity } from '../broadcast/identity.ts';
import type { Access } from './access.ts';
import { routes } from './routes/index.ts';
import { asHttpError, HttpError, type Route, sendJson } from './routes/route.ts';
import { securityHeaders, sendFile } from './static-files.ts';

/** What {@link HttpHandler} is made of. */
export interface HttpHandlerOptions {
  readonly hub: Hub;
  readonly access: Access;
  /** The folder of the page that is served at `/`. */
  readonly page?: string | undefined;
}

/** Answers the HTTP requests of a server. */
export class HttpHandler {
  readonly #options: HttpHandlerOptions;

  constructor(options: HttpHandlerOptions) {
    this.#options = options;
  }

  /** Answers; never throws and never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    try {
      await this.#answer(request, response);
    } catch (error) {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const known = asHttpError(error);
      for (const [name, value] of Object.entries(known.headers)) response.setHeader(name, value);
      sendJson(response, { error: known.message }, known.status);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { access, hub, page } = this.#options;
    const denial = access.denial(request);
    if (denial) throw new HttpError(denial.status, denial.message);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const matching = routes.filter(({ path }) => path.test(url.pathname));
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = matching.find((candidate) => candidate.method === method);
    if (route) {
      const identity = this.#authorize(route, request);
      const groups = route.path.exec(url.pathname)?.groups ?? {};
      await route.handle({ request, response, url, groups, hub, identity });
      return;
    }
    if (matching.length > 0) throw methodError(matching);
    if (method === 'GET' && page && sendFile(response, page, url.pathname)) return;
    throw new HttpError(404, 'not found');
  }

  #authorize({ role }: Route, request: IncomingMessage): Identity {
    if (!role) return nobody;
    const identity = this.#options.access.identify(request);
    if (!identity || 'status' in identity) {
      throw new HttpError(401, 'a valid token is needed', { 'WWW-Authenticate': 'Bearer' });
    }
    if (identity.roles.includes(role)) return identity;
    throw new HttpError(403, `the role ${role} is needed`);
  }
}

const nobody: Identity = { roles: [] };

const methodError = (matching: readonly Route[]): HttpError =>
  new HttpError(405, 'method not allowed', {
    Allow: [...new Set(matching.map(({ method }) => method))].join(', '),
  });
