import { randomUUID } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { Broadcaster } from '../../broadcast/broadcaster.ts';
import { Hub } from '../../broadcast/hub.ts';
import type { Limits } from '../../broadcast/limits.ts';
import type { ServedModel } from '../../broadcast/service.ts';
import { wallClock } from '../threads/wall-clock.ts';
import { Access, type AccessOptions } from './access.ts';
import { HttpHandler } from './http-handler.ts';
import type { Logger } from './logger.ts';
import { RequestGuard } from './request-guard.ts';
import { Upgrades } from './upgrade.ts';
import { UpgradeRouter } from './upgrade-router.ts';

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
  /** Limits of the server that differ from the defaults. */
  readonly limits?: Partial<Limits>;
  /**
   * Whether a proxy stands in front, which adds the address of the client to X-Forwarded-For. Without
   * it all clients of a proxy count as one address; a proxy on this machine, as loopback, is exempt
   * from the limits per address. Default false.
   */
  readonly trustProxy?: boolean;
  /** Told who comes, goes and is refused. Default: nobody. */
  readonly logger?: Logger;
  /** The folder of a page that is served at `/`. Default: none. */
  readonly page?: string | undefined;
}

/** The model-update stream on somebody's HTTP server. */
export interface Attachment {
  /** All connections, without their sockets. */
  readonly hub: Hub;
  /** Connections at present. */
  readonly connectionCount: number;
  /**
   * Answers the HTTP requests of the protocol, for servers that hand over what they do not know. It
   * never rejects. If a body parser has read the body, `request.body` is used.
   */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Closes all connections with 4001 and learns what it has accepted. The HTTP server itself keeps running. */
  close(): Promise<void>;
}

/**
 * Puts the model-update stream on an HTTP server that exists already: node:http, or what Fastify
 * (`app.server`) or Express (`app.listen()`) stand on. Sockets come by themselves; HTTP requests are
 * handed over, in Express by `app.use('/model', (request, response) =>
 * attachment.handle(request, response))`.
 *
 * WebSocket upgrades at other paths go to the server's other `upgrade` listeners; without any they
 * are answered with 404, and so are those that no listener answers within 10 s. Throws a RangeError
 * where something is attached at the path already.
 */
export const attach = (
  server: HttpServer,
  models: Servable | readonly Servable[],
  options: AttachOptions = {},
): Attachment => {
  const { path = '/', limits = {}, trustProxy = false, page, logger } = options;
  const access = new Access(options);
  const hub = new Hub({
    models: (Array.isArray(models) ? models : [models]).map(servedModel),
    clock: wallClock,
    nextSession: randomUUID,
    random: Math.random,
    authenticate: (token) => access.authenticate(token),
    limits,
  });
  const guard = new RequestGuard({ access, limits: hub.limits, clock: wallClock, trustProxy });
  const upgrades = new Upgrades({ hub, guard, ...(logger && { logger }) });
  const handler = new HttpHandler({ hub, access, guard, page });
  const paths = [path, `${path.replace(/\/$/, '')}/v1`];
  const detach = UpgradeRouter.of(server).add(paths, (request, stream, head) =>
    upgrades.handle(request, stream, head),
  );
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
      detach();
    },
  };
};

const later = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

const servedModel = (model: Servable): ServedModel =>
  model instanceof Broadcaster ? { broadcaster: model } : model;
