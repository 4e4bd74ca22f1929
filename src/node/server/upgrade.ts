import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { closeCodes } from '../../broadcast/close-codes.ts';
import type { Hub } from '../../broadcast/hub.ts';
import type { Identity } from '../../broadcast/identity.ts';
import { TokenBucket } from '../../broadcast/token-bucket.ts';
import { offeredProtocols } from './access.ts';
import { type Logger, silent } from './logger.ts';
import { refuseUpgrade, type UpgradeRefusal } from './refuse-upgrade.ts';
import type { Admitted, RequestGuard } from './request-guard.ts';
import { WsPeer } from './ws-peer.ts';

/** The subprotocol that is spoken. */
export const subprotocol = 'rivulet.v1';

/** What {@link Upgrades} is made of. */
export interface UpgradesOptions {
  readonly hub: Hub;
  readonly guard: RequestGuard;
  readonly logger?: Logger;
}

/** Refused upgrades a second that are logged: a flood of them must not fill a disk. */
const warningsPerSecond = 20;

/** Turns upgrade requests into sessions of a hub, or away. */
export class Upgrades {
  readonly #options: UpgradesOptions;
  readonly #sockets: WebSocketServer;
  readonly #open = new Set<WebSocket>();
  readonly #perAddress = new Map<string, number>();
  readonly #logger: Logger;
  readonly #warnings: TokenBucket;
  #isStopping = false;

  constructor(options: UpgradesOptions) {
    const { messageBytes, fragments, bufferedChunks } = options.hub.limits;
    this.#options = options;
    this.#logger = options.logger ?? silent;
    this.#warnings = new TokenBucket(warningsPerSecond, options.hub.options.clock.now());
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

  /** Takes an `upgrade` of an HTTP server. It never throws. */
  handle(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy());
    const admitted = this.#admit(request);
    if ('status' in admitted) {
      refuseUpgrade(stream, admitted);
      return;
    }
    this.#sockets.handleUpgrade(request, stream, head, (socket) => {
      this.#connect(socket, { stream, ...admitted });
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

  #admit(request: IncomingMessage): Admission | UpgradeRefusal {
    const admitted = this.#options.guard.admit(request, 'upgrade');
    const address = 'status' in admitted ? (request.socket.remoteAddress ?? '') : admitted.address;
    const outcome = 'status' in admitted ? admitted : this.#admission(request, admitted);
    if ('status' in outcome && this.#warnings.take(this.#options.hub.options.clock.now())) {
      const { status, message } = outcome;
      this.#logger.warn({ address, status, message }, 'refused a connection');
    }
    return outcome;
  }

  #admission(request: IncomingMessage, admitted: Admitted): Admission | UpgradeRefusal {
    const { connections, connectionsPerAddress } = this.#options.hub.limits;
    const { address, isLoopback, identity } = admitted;
    if (request.httpVersionMinor === 0) {
      return { status: 400, message: 'a WebSocket needs HTTP/1.1' };
    }
    if (!offeredProtocols(request.headers['sec-websocket-protocol']).includes(subprotocol)) {
      return { status: 400, message: `supported subprotocols: ${subprotocol}` };
    }
    if (this.#isStopping) return { status: 503, message: 'the server is stopping' };
    if (this.#open.size >= connections) return { status: 503, message: 'too many connections' };
    const here = this.#perAddress.get(address) ?? 0;
    if (!isLoopback && here >= connectionsPerAddress) {
      return { status: 429, message: 'too many connections from this address' };
    }
    return identity && 'status' in identity ? identity : { address, identity };
  }

  #connect(socket: WebSocket, { stream, address, identity }: Admission & { stream: Duplex }): void {
    this.#open.add(socket);
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    const session = this.#options.hub.connect(new WsPeer(socket, stream), identity);
    socket.on('message', (data, isBinary) => {
      try {
        if (isBinary) session.receiveBinary();
        else session.receive(String(data));
      } catch {
        // A mistake of ours with one message must not end the process.
        this.#logger.warn({ address }, 'a message could not be handled');
        session.close(closeCodes.internal, 'the message could not be handled');
      }
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
}

/** A connection that is let in: who it is, as far as it has said so. */
interface Admission {
  readonly address: string;
  readonly identity: Identity | undefined;
}
