import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Peer } from '../../broadcast/peer.ts';

/** The opcodes of RFC 6455 that carry messages. */
export const opcodes = { text: 1, binary: 2 } as const;

/** The header of an unmasked, unfragmented frame with so many bytes of payload (RFC 6455, 5.2). */
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
  // Answers come here too, of megabytes some of them: who asks for many must not fill the memory.
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
