import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { parseTarget } from './request-target.ts';

/** Newer versions of Node (22.21, 24.9) ask a server whether a request becomes an upgrade at all. */
type AskingServer = HttpServer & { shouldUpgradeCallback?: (request: IncomingMessage) => boolean };

/** What takes the upgrades of one path. */
export type UpgradeHandler = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;

/** How long other listeners of a server may take to answer an upgrade, in ms. */
const answerMs = 10_000;

const notFound = { status: 404, message: 'no WebSocket is served at this path' };
const malformed = { status: 400, message: 'the target of the request is malformed' };

const routers = new WeakMap<HttpServer, UpgradeRouter>();

/**
 * The upgrades of one HTTP server, by path. One listener serves all attachments, so that an upgrade
 * that none of them knows is recognised: other `upgrade` listeners get it, and without any it is
 * answered. It raises no error: one in an `upgrade` listener ends the process.
 */
export class UpgradeRouter {
  readonly #server: AskingServer;
  readonly #handlers = new Map<string, UpgradeHandler>();
  /** Requests of each connection that have not been answered. */
  readonly #unanswered = new WeakMap<Duplex, number>();

  #restore = (): void => {};

  private constructor(server: HttpServer) {
    this.#server = server;
  }

  /** The router of this server. */
  static of(server: HttpServer): UpgradeRouter {
    const router = routers.get(server) ?? new UpgradeRouter(server);
    routers.set(server, router);
    return router;
  }

  /** Adds a handler for these paths; returns what removes it. Throws for a path that is in use. */
  add(paths: readonly string[], handler: UpgradeHandler): () => void {
    const taken = paths.find((path) => this.#handlers.has(path));
    if (taken !== undefined) throw new RangeError(`two models are attached at the path ${taken}`);
    if (this.#handlers.size === 0) this.#listen();
    for (const path of paths) this.#handlers.set(path, handler);
    return () => {
      for (const path of paths) this.#handlers.delete(path);
      if (this.#handlers.size === 0) this.#stop();
    };
  }

  #listen(): void {
    const server = this.#server;
    server.on('upgrade', this.#listener);
    server.on('request', this.#count);
    const asked = server.shouldUpgradeCallback;
    if (asked === undefined) return;
    const ask = (request: IncomingMessage): boolean =>
      (isWebSocket(request) || server.listenerCount('upgrade') > 1) && asked.call(server, request);
    server.shouldUpgradeCallback = ask;
    this.#restore = () => {
      if (server.shouldUpgradeCallback === ask) server.shouldUpgradeCallback = asked;
    };
  }

  #stop(): void {
    this.#server.off('upgrade', this.#listener);
    this.#server.off('request', this.#count);
    this.#restore();
  }

  readonly #count = ({ socket }: IncomingMessage, response: ServerResponse): void => {
    this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 0) + 1);
    response.once('close', () => {
      this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 1) - 1);
    });
  };

  readonly #listener: UpgradeHandler = (request, stream, head) => {
    try {
      this.#route(request, stream, head);
    } catch {
      stream.on('error', () => {});
      stream.destroy();
    }
  };

  #route(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const target = parseTarget(request.url);
    const handler = isWebSocket(request) ? this.#handlers.get(target?.path ?? '') : undefined;
    const isForeign = !handler && this.#server.listenerCount('upgrade') > 1;
    if (isForeign) refuseUnanswered(stream);
    // The answers of the requests before it would come among the frames.
    else if ((this.#unanswered.get(stream) ?? 0) > 0) stream.destroy();
    else if (handler) handler(request, stream, head);
    else if (!target) refuseUpgrade(stream, malformed);
    else if (isWebSocket(request)) refuseUpgrade(stream, notFound);
    else this.#ignoreUpgrade(request, stream, head);
  }

  /**
   * Serves a request whose upgrade is to another protocol (`h2c`, which Java's client and `curl
   * --http2` ask for) as if it had not asked. An older Node has given its connection up: it is read
   * again, without those headers.
   */
  #ignoreUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { method = '', url = '', httpVersion, rawHeaders } = request;
    const lines = [`${method} ${url} HTTP/${httpVersion}`];
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]!;
      const value = remaining(name, rawHeaders[i + 1]!);
      if (value !== undefined) lines.push(`${name}: ${value}`);
    }
    const again = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    stream.unshift(Buffer.concat([again, head]));
    this.#server.emit(stream instanceof TLSSocket ? 'secureConnection' : 'connection', stream);
  }
}

const isWebSocket = ({ headers }: IncomingMessage): boolean =>
  /\bwebsocket\b/i.test(headers.upgrade ?? '');

/** The value of a header once the upgrade is ignored; undefined where the header goes with it. */
const remaining = (name: string, value: string): string | undefined => {
  if (/^(upgrade|http2-settings)$/i.test(name)) return undefined;
  if (!/^connection$/i.test(name)) return value;
  const options = value.split(',').map((option) => option.trim());
  return options.filter((option) => !/^(upgrade|http2-settings)?$/i.test(option)).join(', ');
};

/** Where another listener has an upgrade, but ignores it, its connection would stay open. */
const refuseUnanswered = (stream: Duplex): void => {
  if (!(stream instanceof Socket)) return;
  const { bytesWritten } = stream;
  const timer = setTimeout(() => {
    if (stream.bytesWritten === bytesWritten) refuseUpgrade(stream, notFound);
  }, answerMs);
  timer.unref();
  stream.once('close', () => clearTimeout(timer));
};
