import { existsSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { limitsWith } from '../../broadcast/limits.ts';
import { packageFolder } from '../threads/package-folder.ts';
import { type Attachment, type AttachOptions, attach, type Servable } from './attach.ts';
import { addressGroup, isLoopbackAddress } from './client-address.ts';

/** Ends connections of an address that has `max` open already, WebSockets included; loopback is exempt. */
export const limitConnections = (server: HttpServer, max: number): void => {
  const counts = new Map<string, number>();
  // A connection is announced again after an upgrade that was ignored.
  const counted = new WeakSet<Socket>();
  // Before the handshake of TLS, and before any byte of a request.
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    if (isLoopbackAddress(remoteAddress) || counted.has(socket)) return;
    counted.add(socket);
    const address = addressGroup(remoteAddress);
    const count = counts.get(address) ?? 0;
    if (count >= max) {
      socket.destroy();
      return;
    }
    counts.set(address, count + 1);
    socket.once('close', () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    });
  });
};

/** Options of {@link serve}. */
export interface ServeOptions extends Omit<AttachOptions, 'path'> {
  /** The TCP port, 0 to 65,535; 0 takes a free one. Default 8080. */
  readonly port?: number;
  /** The certificate and key, in PEM, to serve https and wss. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A server that runs. */
export interface ModelServer extends Attachment, AsyncDisposable {
  /** The port that it listens on. */
  readonly port: number;
  /** Where it can be reached, such as `http://127.0.0.1:8080/`. */
  readonly url: string;
  /**
   * Sends everybody away with 4001, learns what it has accepted, and stops listening. It takes at
   * most some seconds.
   */
  close(): Promise<void>;
}

/** A server that could not start: its message is one line with the way out. */
export class ServeError extends Error {
  override readonly name = 'ServeError';
}

/** The page as it is built, wherever this package lies. */
const builtPage = (): string | undefined => {
  const folder = fileURLToPath(new URL('clients/dashboard/dist', packageFolder()));
  return existsSync(folder) ? folder : undefined;
};

/** Serves models: WebSocket, HTTP, and the page that shows them. */
export const serve = async (
  models: Servable | readonly Servable[],
  { port = 8080, tls, ...options }: ServeOptions = {},
): Promise<ModelServer> => {
  const { host = '127.0.0.1' } = options;
  const limits = limitsWith(options.limits);
  // A client that sends its request slowly (Slowloris) must not use up the connections.
  const timeouts = {
    headersTimeout: limits.headersMs,
    // A body has its own limits where it is read; one that is fed may last for days.
    requestTimeout: 0,
    connectionsCheckingInterval: limits.headersMs / 2,
  };
  const http: HttpServer = tls
    ? createTlsServer({ ...timeouts, ...tls, handshakeTimeout: limits.headersMs })
    : createServer(timeouts);
  const attachment = attach(http, models, { page: builtPage(), ...options });
  http.maxConnections = limits.connections + spareConnections;
  // Behind a proxy all connections come from its address.
  if (!options.trustProxy) limitConnections(http, limits.socketsPerAddress);
  http.on('request', (request, response) => void attachment.handle(request, response));
  try {
    await listen(http, host, port);
  } catch (error) {
    await attachment.close();
    throw error;
  }
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => http.close(resolve));
    await attachment.close();
    http.closeAllConnections();
    await closed;
  };
  const { port: actual } = http.address() as AddressInfo;
  return {
    hub: attachment.hub,
    get connectionCount() {
      return attachment.connectionCount;
    },
    handle: (request, response) => attachment.handle(request, response),
    port: actual,
    url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${actual}/`,
    close,
    [Symbol.asyncDispose]: close,
  };
};

/** Connections for HTTP, beside those that have become WebSockets. */
const spareConnections = 512;

const listen = (http: HttpServer, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      reject(new ServeError(whyNotListening(error.code, `${host}:${port}`), { cause: error }));
    };
    http.once('error', failed);
    http.listen(port, host, () => {
      http.off('error', failed);
      http.on('error', () => {});
      resolve();
    });
  });

const whyNotListening = (code: string | undefined, address: string): string => {
  if (code === 'EADDRINUSE')
    return `${address} is in use: choose another port, or 0 for a free one`;
  if (code === 'EACCES') return `${address} is not allowed: choose a port from 1024 up`;
  return `cannot listen on ${address} (${code ?? 'unknown reason'}): choose another address`;
};
