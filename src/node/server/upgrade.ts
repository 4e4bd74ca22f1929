import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { closeCodes } from '../../broadcast/close-codes.ts';
import type { Hub } from '../../broadcast/hub.ts';
import type { Identity } from '../../broadcast/identity.ts';
import type { Peer } from '../../broadcast/peer.ts';
import { TokenBucket } from '../../broadcast/token-bucket.ts';
import { offeredProtocols } from './access.ts';
import { type Logger, silent } from './logger.ts';
import { refuseUpgrade, type UpgradeRefusal } from './refuse-upgrade.ts';
import type { Admitted, RequestGuard } from './request-guard.ts';

/** The opcodes of RFC 6455 that carry messages. */
export const opcodes = { text: 1, binary: 2 } as const;

/** The header of an unmasked, unfragmented frame with `length` bytes of payload (RFC 6455, 5.2). */
export const frameHeader = (opcode: number, length: number): Buffer => {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.from([first, length]);
  if (length < 65_536) return Buffer.from([first, 126, length >> 8, length & 0xff]);
  const header = Buffer.alloc(10);
  header.set([first, 127]);
  header.writeUIntBE(length, 4, 6);
  return header;
};

/** How many texts are kept as frames, and how many bytes: those that one turn sends to everybody. */
const textsMax = 256;
const bytesMax = 262_144;

const texts = new Map<string, Buffer>();
let bytes = 0;

/** A text as a whole frame. What goes to many is made once: encoding is most of what sending costs. */
export const textFrame = (text: string): Buffer => {
  let frame = texts.get(text);
  if (frame) return frame;
  const payload = Buffer.from(text);
  frame = Buffer.concat([frameHeader(opcodes.text, payload.length), payload]);
  // Answers come here too, some of megabytes: a client that requests many must not fill the memory.
  if (texts.size >= textsMax || bytes + frame.length > bytesMax) {
    texts.clear();
    bytes = 0;
  }
  texts.set(text, frame);
  bytes += frame.length;
  return frame;
};

/** How long a peer may take to answer a close. */
const closeMs = 2_000;

/** A close frame holds at most 123 bytes of reason. */
const reasonBytesMax = 123;

/**
 * A peer that is reached over a `ws` socket. What is sent in one turn is one write. Messages are
 * framed here, not by `ws`, so that one frame can be shared by all subscribers; without compression
 * `ws` keeps no queue of its own that they could overtake.
 */
class WsPeer implements Peer {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  #isCorked = false;

  constructor(socket: WebSocket, stream: Duplex) {
    this.#socket = socket;
    this.#stream = stream;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#cork();
    this.#stream.write(textFrame(text));
  }

  sendFrame(header: Uint8Array, payload: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#cork();
    const length = header.byteLength + payload.byteLength;
    this.#stream.write(Buffer.concat([frameHeader(opcodes.binary, length), header]));
    this.#stream.write(payload);
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  flush(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#stream.uncork();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, truncated(reason));
    const timer = setTimeout(() => this.#socket.terminate(), closeMs);
    timer.unref();
    this.#socket.once('close', () => clearTimeout(timer));
  }

  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#stream.cork();
    process.nextTick(() => this.flush());
  }
}

/** Cut between characters, not inside one: a reason must be valid UTF-8. */
const truncated = (reason: string): string => {
  let text = reason;
  while (Buffer.byteLength(text) > reasonBytesMax) text = text.slice(0, -1);
  return text;
};

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

  /** Accepts no more connections, and cuts those that are still open after the timeout. */
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
