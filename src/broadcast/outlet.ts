import { closeCodes } from './close-codes.ts';
import type { Limits } from './limits.ts';
import type { Clock, Peer } from './peer.ts';
import type { ServerMessage } from './server-messages.ts';

/** What {@link Outlet} is made of. */
export interface OutletOptions {
  readonly peer: Peer;
  readonly clock: Clock;
  readonly limits: Limits;
}

/** The sending half of a connection: knows its free capacity, and whether the peer is alive. */
export class Outlet {
  readonly peer: Peer;
  readonly clock: Clock;
  readonly limits: Limits;
  #lastSentAt: number;
  #controlPending = 0;
  #answerBytes = 0;
  #idleRoundTripMs: number | undefined;
  #pingAt: number | undefined;
  #isPingIdle = false;
  #pongAt: number;
  #isClosed = false;

  constructor({ peer, clock, limits }: OutletOptions) {
    this.peer = peer;
    this.clock = clock;
    this.limits = limits;
    this.#lastSentAt = clock.now();
    this.#pongAt = clock.now();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The smallest round trip of a ping with no frame on the way, in ms; undefined before one. */
  get idleRoundTripMs(): number | undefined {
    return this.#idleRoundTripMs;
  }

  /** Whether a message of this size may be given to the carrier: it counts itself. */
  hasRoom(bytes: number): boolean {
    const { bufferedAmount } = this.peer;
    // One frame always: a frame larger than the limit would else never go out.
    return bufferedAmount === 0 || bufferedAmount + bytes <= this.limits.retainedBytes;
  }

  /** Notes that something went out: the silence that a heartbeat breaks begins anew. */
  sent(): void {
    this.#lastSentAt = this.clock.now();
  }

  /** Sends the text of a push. The caller has asked whether there is room. */
  push(text: string): void {
    if (this.#isClosed) return;
    this.peer.send(text);
    this.sent();
  }

  /** Sends a reply. It is never dropped: a peer that lets too many pile up is closed. */
  reply(message: ServerMessage): void {
    if (this.#isClosed) return;
    const text = JSON.stringify(message);
    if (this.#isFullFor(text)) this.peer.flush();
    if (this.peer.bufferedAmount === 0) {
      this.#controlPending = 0;
      this.#answerBytes = 0;
    }
    if (this.#isFullFor(text)) {
      this.close(closeCodes.overloaded, 'retryMs=1000; replies are not read');
      return;
    }
    this.#controlPending += 1;
    this.continueReply(text);
  }

  /** Sends more of the reply before. Its bytes count; the next reply is what finds that there are too many. */
  continueReply(text: string): void {
    this.#answerBytes += text.length;
    this.push(text);
  }

  #isFullFor({ length }: string): boolean {
    const { controlPending, answerBytes } = this.limits;
    if (this.#controlPending >= controlPending) return true;
    return this.#controlPending > 0 && this.#answerBytes + length > answerBytes;
  }

  /** Pings; `isIdle` says that no frame of the connection is unacknowledged. */
  ping(isIdle: boolean): void {
    if (this.#isClosed) return;
    this.#pingAt = this.clock.now();
    this.#isPingIdle = isIdle;
    this.peer.ping();
  }

  /** Takes the pong. A round trip counts only when no data was queued before its ping. */
  pong(): void {
    const now = this.clock.now();
    this.#pongAt = now;
    if (this.#pingAt === undefined) return;
    const roundTrip = now - this.#pingAt;
    this.#pingAt = undefined;
    if (!this.#isPingIdle) return;
    this.#idleRoundTripMs = Math.min(this.#idleRoundTripMs ?? Number.POSITIVE_INFINITY, roundTrip);
  }

  /** Breaks a silence, pings when it is time, and gives up a peer that does not answer. */
  keepAlive(isIdle: boolean): void {
    const now = this.clock.now();
    const { pingMs, pongMs, hbMs } = this.limits;
    if (this.#pingAt !== undefined && now - this.#pingAt >= pongMs) {
      this.close(closeCodes.noPong, 'no pong');
      return;
    }
    if (this.#pingAt === undefined && now - this.#pongAt >= pingMs) this.ping(isIdle);
    if (now - this.#lastSentAt >= hbMs) this.push('{"t":"hb"}');
  }

  /** Closes once; nothing is sent after it. */
  close(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.peer.close(code, reason);
  }

  /** The carrier is gone. */
  closed(): void {
    this.#isClosed = true;
  }
}
