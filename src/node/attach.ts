import { randomUUID } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Broadcaster } from '../broadcast/broadcaster.ts';
import { Hub } from '../broadcast/hub.ts';
import type { Limits } from '../broadcast/limits.ts';
import type { ServedModel } from '../broadcast/service.ts';
import { Access, type AccessOptions } from './access.ts';
import { HttpHandler } from './http-handler.ts';
import type { Logger } from './logger.ts';
import { Upgrades } from './upgrade.ts';
import { wallClock } from './wall-clock.ts';

/** How often what is due is looked for, in ms. */
const tickMs = 10;

/** How long clients may take to go when the server stops, in ms. */
const graceMs = 2_000;

/** How long the learning of what was accepted may take when the server stops, in ms. */
const settleMs = 3_000;

/** A model to be served: with what it answers, or only to be watched. */
export type Servable = ServedModel | Broadcaster;

/** Options of {@link attach}. */
export interface AttachOptions extends AccessOptions {
  /** Where the WebSocket is: at this path and at `v1` below it. Default `/`. */
  readonly path?: string;
  readonly limits?: Partial<Limits>;
  /** Whether the address of a client is in X-Forwarded-For. Default false. */
  readonly trustProxy?: boolean;
  /** Told who comes, goes and is refused. Default: nobody. */
  readonly logger?: Logger;
  /** What becomes of upgrades at other paths. Default: they are left to other listeners. */
  readonly elsewhere?: (stream: Duplex) => void;
  /** The folder of a page that is served at `/`. Default: none. */
  readonly page?: string | undefined;
}

/** The model-update stream on somebody's HTTP server. */
export interface Attachment {
  readonly hub: Hub;
  /** Connections at present. */
  readonly connectionCount: number;
  /** Answers the HTTP requests of the protocol, for servers that hand over what they do not know. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Sends everybody away with 4001 and learns what it has accepted. The HTTP server itself goes on. */
  close(): Promise<void>;
}

/**
 * Puts the model-update stream on an HTTP server that exists already: node:http, or what Fastify
 * (`app.server`) or Express (`app.listen()`) stand on. Sockets come by themselves; HTTP requests are
 * handed over, in Express by `app.use('/model', (request, response) =>
 * attachment.handle(request, response))`.
 */
export const attach = (
  server: HttpServer,
  models: Servable | readonly Servable[],
  options: AttachOptions = {},
): Attachment => {
  const { path = '/', limits = {}, trustProxy = false, page, elsewhere, logger } = options;
  const access = new Access(options);
  const hub = new Hub({
    models: (Array.isArray(models) ? models : [models]).map(servedModel),
    clock: wallClock,
    nextSession: randomUUID,
    random: Math.random,
    authenticate: (token) => access.authenticate(token),
    limits,
  });
  const upgrades = new Upgrades({ hub, access, trustProxy, ...(logger && { logger }) });
  const handler = new HttpHandler({ hub, access, page });
  const paths = [path, `${path.replace(/\/$/, '')}/v1`];
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (paths.includes(pathname)) upgrades.handle(request, stream, head);
    else elsewhere?.(stream);
  };
  server.on('upgrade', upgrade);
  const timer = setInterval(() => hub.tick(), tickMs);
  timer.unref();
  return {
    hub,
    get connectionCount() {
      return upgrades.count;
    },
    handle: (request, response) => handler.handle(request, response),
    async close() {
      hub.stop();
      const settled = Promise.all(hub.services.map((service) => service.settled));
      await Promise.all([upgrades.stop(graceMs), Promise.race([settled, later(settleMs)])]);
      clearInterval(timer);
      server.off('upgrade', upgrade);
    },
  };
};

const later = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

const servedModel = (model: Servable): ServedModel =>
  model instanceof Broadcaster ? { broadcaster: model } : model;
