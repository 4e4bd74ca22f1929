import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Peer } from '../../broadcast/peer.ts';
import { frameHeader, opcodes, textFrame } from './ws-frame.ts';

/** How long a peer may take to answer a close. */
const closeMs = 2_000;

/** A close frame has room for 123 bytes of reason. */
const reasonBytesMax = 123;

/**
 * A peer that is reached over a `ws` socket. What is sent in one turn is one write. Messages are
 * framed here, not by `ws`, so that one frame can be shared by all who get it; without compression
 * `ws` keeps no queue of its own that they could overtake.
 */
export class WsPeer implements Peer {
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
