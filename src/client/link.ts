import { BehaviorSubject, type Observable } from 'rxjs';
import type { Request } from '../broadcast/client-messages.ts';
import { isReconnectable } from '../broadcast/close-codes.ts';
import type { ServerMessage, Welcome } from '../broadcast/server-messages.ts';
import { backoff, hinted, retryHint } from './backoff.ts';
import { ProtocolError, readMessage } from './read-message.ts';
import { type SocketConstructor, type SocketLike, socketUrl } from './socket.ts';

/** How a connection is doing, in words. */
export interface ConnectionState {
  /** `protocol error`: the server said what this protocol does not have; the client comes back later. */
  readonly phase: 'connecting' | 'live' | 'reconnecting' | 'protocol error' | 'closed';
  /** Why it is so, for people. */
  readonly reason: string;
  /** The code of the close that led here. */
  readonly code?: number;
  /** When the next attempt is made, in ms from when this was said. */
  readonly retryMs?: number;
}

/** Options of a {@link Link}. */
export interface LinkOptions {
  readonly token?: string | undefined;
  /** The model to look at. Default: the first of the server. */
  readonly model?: string | undefined;
  /** Default: the WebSocket of the platform. */
  readonly WebSocket?: SocketConstructor | undefined;
  /** How the program names itself. */
  readonly name?: string | undefined;
  /** A number in [0, 1). Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** Who uses a link. */
export interface LinkUser {
  /** Said hello, and was welcomed: first, and again after each reconnection. */
  welcomed(welcome: Welcome): void;
  message(message: ServerMessage): void;
  frame(bytes: Uint8Array): void;
  /** The connection is lost; requests without an answer will get none. */
  lost(): void;
  /** It is over for good. */
  ended(state: ConnectionState): void;
}

/** A connection that is silent for this much longer than promised is given up. */
const silenceFactor = 2.5;

/** The bounds of that time, in ms, whatever a server promises. */
const [silenceMin, silenceMax] = [1_000, 600_000];

/** After a connection that was live for so long, in ms, the next attempt is made soon. */
const stableMs = 1_500;

/** Bytes that wait to be sent: a server that reads no more is given up. */
const unsentBytesMax = 67_108_864;

/** A server that does not even say welcome within this is given up, in ms. */
const welcomeMs = 15_000;

/** Why a connection ended, and the error that its users receive. */
interface Lost {
  readonly phase?: 'reconnecting' | 'protocol error';
  readonly code: number;
  readonly reason: string;
}

/** One connection that comes back by itself. */
export class Link {
  readonly #url: string;
  readonly #options: LinkOptions;
  readonly #user: LinkUser;
  readonly #states = new BehaviorSubject<ConnectionState>({
    phase: 'connecting',
    reason: 'connecting',
  });
  #socket: SocketLike | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #silenceMs = welcomeMs;
  #heardAt = 0;
  #attempt = 0;
  #isLive = false;
  #liveAt = 0;

  constructor(url: string | URL, options: LinkOptions, user: LinkUser) {
    this.#url = socketUrl(url);
    this.#options = options;
    this.#user = user;
    this.#open();
  }

  get states(): Observable<ConnectionState> {
    return this.#states;
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  /** Sends a message; false when there is no connection to send it over. */
  send(message: Request): boolean {
    return this.sendText(JSON.stringify(message));
  }

  /** Sends a message that is JSON already; false when there is no connection. */
  sendText(message: string): boolean {
    if (!this.#isLive) return false;
    if ((this.#socket?.bufferedAmount ?? 0) > unsentBytesMax) {
      this.renew('the server does not read');
      return false;
    }
    this.#socket?.send(message);
    return true;
  }

  /** Ends it for good. */
  close(reason = 'closed by this program'): void {
    this.#detach(1000);
    this.#end({ phase: 'closed', reason });
  }

  /** Gives the present connection up and makes another. */
  renew(reason: string): void {
    this.#detach(4000);
    this.#retry({ code: 4000, reason });
  }

  #open(): void {
    const Constructor = this.#options.WebSocket ?? ownConstructor();
    // The token travels in hello: of a refused upgrade no browser tells more than of a server that
    // is not there, and the client would come back for ever.
    const socket = new Constructor(this.#url, ['rivulet.v1']);
    this.#socket = socket;
    this.#silenceMs = welcomeMs;
    this.#heard();
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#greet(socket);
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code, reason }) => {
      // A browser does not tell a refusal from a server that is not there.
      const why = this.#isLive ? 'the connection was lost' : 'the server cannot be reached';
      this.#detach(code);
      this.#retry({ code, reason: reason || why });
    };
    // A close follows every error, and says more.
    socket.onerror = () => {};
  }

  #greet(socket: SocketLike): void {
    const { model, name = 'rivulet', token } = this.#options;
    socket.send(
      JSON.stringify({
        t: 'hello',
        v: 1,
        client: { name },
        auth: token,
        model,
        caps: ['bin', 'q8', 'xor'],
      }),
    );
  }

  #receive(data: unknown): void {
    this.#heardAt = Date.now();
    try {
      if (typeof data === 'string') this.#take(readMessage(data));
      else if (this.#isLive) this.#user.frame(new Uint8Array(data as ArrayBuffer));
    } catch (error) {
      // Another error thrown by the listener of a socket would end a Node process.
      if (!(error instanceof ProtocolError)) throw error;
      this.#detach(4000);
      this.#retry({ phase: 'protocol error', code: 4000, reason: error.message });
    }
  }

  #take(message: ServerMessage | undefined): void {
    if (message?.t === 'welcome') this.#welcomed(message);
    else if (message && this.#isLive) this.#user.message(message);
  }

  #welcomed(welcome: Welcome): void {
    if (this.#isLive) throw new ProtocolError('a second welcome came');
    this.#isLive = true;
    this.#liveAt = Date.now();
    this.#silenceMs = Math.min(silenceMax, Math.max(silenceMin, welcome.hb * silenceFactor));
    this.#heard();
    this.#user.welcomed(welcome);
    // The user may have ended it.
    if (this.#isLive) {
      this.#states.next({ phase: 'live', reason: `connected to ${welcome.model.name}` });
    }
  }

  /** Looks for silence: a cable that was pulled says nothing. */
  #heard(): void {
    this.#heardAt = Date.now();
    clearTimeout(this.#watch);
    const look = (): void => {
      const left = this.#heardAt + this.#silenceMs - Date.now();
      if (left <= 0) this.renew('the server is silent');
      else this.#watch = setTimeout(look, left);
    };
    this.#watch = setTimeout(look, this.#silenceMs);
  }

  #detach(code: number): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#watch);
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    // Not null: a socket of `ws` that is closed while it connects reports an error.
    socket.onerror = () => {};
    if (code === 1000 || code === 4000) socket.close(code);
    if (this.#isLive) {
      this.#isLive = false;
      if (Date.now() - this.#liveAt >= stableMs) this.#attempt = 0;
      this.#user.lost();
    }
  }

  #retry({ phase = 'reconnecting', code, reason }: Lost): void {
    if (!isReconnectable(code)) {
      this.#end({ phase: 'closed', code, reason: reason || `closed with ${code}` });
      return;
    }
    const random = this.#options.random ?? Math.random;
    const hint = retryHint(reason);
    const attempt = this.#attempt;
    const retryMs = hint === undefined ? backoff(attempt, random) : hinted(hint, attempt);
    this.#attempt += 1;
    const why = reason.replace(/^retryMs=\d+;? */, '') || `closed with ${code}`;
    this.#states.next({ phase, code, reason: why, retryMs });
    this.#timer = setTimeout(() => this.#open(), retryMs);
  }

  #end(state: ConnectionState): void {
    if (this.#states.value.phase === 'closed') return;
    this.#states.next(state);
    this.#states.complete();
    this.#user.ended(state);
  }
}

const ownConstructor = (): SocketConstructor => {
  const { WebSocket } = globalThis as { WebSocket?: SocketConstructor };
  if (WebSocket !== undefined) return WebSocket;
  throw new TypeError(
    'there is no WebSocket here: in Node before 22 take connect from rivulet/node, or give one as the option WebSocket',
  );
};
