import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Hub } from '../broadcast/hub.ts';
import type { Identity } from '../broadcast/identity.ts';
import { type Access, offeredProtocols } from './access.ts';
import { type Logger, silent } from './logger.ts';
import { WsPeer } from './ws-peer.ts';

/** The subprotocol that is spoken. */
export const subprotocol = 'rivulet.v1';

/** What {@link Upgrades} is made of. */
export interface UpgradesOptions {
  readonly hub: Hub;
  readonly access: Access;
  /** Whether the address of a client is in X-Forwarded-For, because a proxy stands before. */
  readonly trustProxy?: boolean;
  readonly logger?: Logger;
}

/** Why an upgrade is refused. */
export interface Refused {
  readonly status: number;
  readonly message: string;
}

const statusTexts: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/** Turns upgrade requests into sessions of a hub, or away. */
export class Upgrades {
  readonly #options: UpgradesOptions;
  readonly #sockets: WebSocketServer;
  readonly #open = new Set<WebSocket>();
  readonly #perAddress = new Map<string, number>();
  readonly #logger: Logger;
  #isStopping = false;

  constructor(options: UpgradesOptions) {
    const { messageBytes, fragments, bufferedChunks } = options.hub.limits;
    this.#options = options;
    this.#logger = options.logger ?? silent;
    const settings: ServerOptions & { maxFragments: number; maxBufferedChunks: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: messageBytes,
      maxFragments: fragments,
      maxBufferedChunks: bufferedChunks,
      handleProtocols: () => subprotocol,
    };
    this.#sockets = new WebSocketServer(settings);
  }

  /** Connections at present. */
  get count(): number {
    return this.#open.size;
  }

  /** Takes an `upgrade` of an HTTP server. */
  handle(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy());
    const address = this.#address(request);
    const admitted = this.#admit(request, address);
    if (admitted && 'status' in admitted) {
      this.#logger.warn({ address, ...admitted }, 'refused a connection');
      refuse(stream, admitted);
      return;
    }
    this.#sockets.handleUpgrade(request, stream, head, (socket) => {
      this.#connect(socket, { stream, address, identity: admitted });
    });
  }

  /** Lets nobody in any more, and cuts who has not gone within the time. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const deadline = Date.now() + graceMs;
    while (this.#open.size > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const socket of this.#open) socket.terminate();
    this.#sockets.close();
  }

  #admit(request: IncomingMessage, address: string): Identity | Refused | undefined {
    const { access, hub } = this.#options;
    const { connections, connectionsPerAddress } = hub.limits;
    const denial = access.denial(request);
    if (denial) return denial;
    if (!offeredProtocols(request.headers['sec-websocket-protocol']).includes(subprotocol)) {
      return { status: 400, message: `supported subprotocols: ${subprotocol}` };
    }
    if (this.#isStopping) return { status: 503, message: 'the server is stopping' };
    if (this.#open.size >= connections) return { status: 503, message: 'too many connections' };
    const here = this.#perAddress.get(address) ?? 0;
    if (!isLoopbackAddress(address) && here >= connectionsPerAddress) {
      return { status: 429, message: 'too many connections from this address' };
    }
    return access.identify(request);
  }

  #connect(
    socket: WebSocket,
    {
      stream,
      address,
      identity,
    }: { stream: Duplex; address: string; identity: Identity | undefined },
  ): void {
    this.#open.add(socket);
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    const session = this.#options.hub.connect(new WsPeer(socket, stream), identity);
    socket.on('message', (data, isBinary) => {
      if (isBinary) session.receiveBinary();
      else session.receive(String(data));
    });
    socket.on('pong', () => session.pong());
    // ws closes with the fitting code by itself; without a listener it would end the process.
    socket.on('error', () => {});
    this.#logger.info({ address, connections: this.#open.size }, 'connected');
    socket.on('close', (code) => {
      const isOurs = code >= 4400;
      this.#logger[isOurs ? 'warn' : 'info']({ address, code }, 'disconnected');
      this.#open.delete(socket);
      this.#leave(address);
      session.closed();
    });
  }

  #leave(address: string): void {
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }

  #address({ headers, socket }: IncomingMessage): string {
    const forwarded = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)
      ?.trim();
    return (this.#options.trustProxy && forwarded) || (socket.remoteAddress ?? '');
  }
}

const isLoopbackAddress = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);

/** Answers an upgrade that is refused, and hangs up. */
export const refuse = (stream: Duplex, { status, message }: Refused): void => {
  const head = `HTTP/1.1 ${status} ${statusTexts[status] ?? 'Error'}`;
  const length = Buffer.byteLength(message);
  stream.end(
    `${head}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n${message}`,
  );
};
