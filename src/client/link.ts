import { BehaviorSubject, type Observable } from 'rxjs';
import type { Request } from '../broadcast/client-messages.ts';
import { isReconnectable } from '../broadcast/close-codes.ts';
import type { ServerMessage, Welcome } from '../broadcast/server-messages.ts';
import { backoff, retryHint } from './backoff.ts';
import { type SocketConstructor, type SocketLike, socketUrl } from './socket.ts';

/** How a connection is doing, in words. */
export interface ConnectionState {
  readonly phase: 'connecting' | 'live' | 'reconnecting' | 'closed';
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
  /** The connection is gone; what was asked and not answered will not be. */
  lost(): void;
  /** It is over for good. */
  ended(state: ConnectionState): void;
}

/** The connection with no pong for this much longer than promised is given up. */
const silenceFactor = 2.5;

/** A server that does not even say welcome within this is given up, in ms. */
const welcomeMs = 15_000;

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
    if (!this.#isLive) return false;
    this.#socket?.send(JSON.stringify(message));
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
    if (typeof data !== 'string') {
      this.#user.frame(new Uint8Array(data as ArrayBuffer));
      return;
    }
    const message = parsed(data);
    if (!message) {
      this.renew('the server said what is no message');
      return;
    }
    if (message.t !== 'welcome') {
      this.#user.message(message);
      return;
    }
    this.#isLive = true;
    this.#attempt = 0;
    this.#silenceMs = message.hb * silenceFactor;
    this.#heard();
    this.#user.welcomed(message);
    this.#states.next({ phase: 'live', reason: `connected to ${message.model.name}` });
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
      this.#user.lost();
    }
  }

  #retry({ code, reason }: { code: number; reason: string }): void {
    if (!isReconnectable(code)) {
      this.#end({ phase: 'closed', code, reason: reason || `closed with ${code}` });
      return;
    }
    const random = this.#options.random ?? Math.random;
    const retryMs = retryHint(reason) ?? backoff(this.#attempt, random);
    this.#attempt += 1;
    const why = reason.replace(/^retryMs=\d+;? */, '') || `closed with ${code}`;
    this.#states.next({ phase: 'reconnecting', code, reason: why, retryMs });
    this.#timer = setTimeout(() => this.#open(), retryMs);
  }

  #end(state: ConnectionState): void {
    if (this.#states.value.phase === 'closed') return;
    this.#states.next(state);
    this.#states.complete();
    this.#user.ended(state);
  }
}

/** A message, if that is one: an error thrown by a socket’s listener would end a Node process. */
const parsed = (data: string): ServerMessage | undefined => {
  try {
    const message: unknown = JSON.parse(data);
    return typeof message === 'object' && message !== null ? (message as ServerMessage) : undefined;
  } catch {
    return undefined;
  }
};

const ownConstructor = (): SocketConstructor => {
  const { WebSocket } = globalThis as { WebSocket?: SocketConstructor };
  if (WebSocket !== undefined) return WebSocket;
  throw new TypeError(
    'there is no WebSocket here: in Node before 22 take connect from rivulet/node, or give one as the option WebSocket',
  );
};
