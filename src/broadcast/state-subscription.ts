import type { Channel } from './channel.ts';
import { CreditWindow } from './credit-window.ts';
import type { Outlet } from './outlet.ts';

/** What a {@link StateSubscription} is made of. */
export interface StateSubscriptionOptions {
  readonly sid: number;
  readonly channel: Channel;
  readonly outlet: Outlet;
  /** The width that the client fixed. */
  readonly window?: number | undefined;
}

/** One subscriber of a state topic: the latest wins, as fast as it acknowledges. */
export class StateSubscription {
  readonly sid: number;
  readonly #channel: Channel;
  readonly #outlet: Outlet;
  readonly #window: CreditWindow;
  #lastSent = 0;

  constructor({ sid, channel, outlet, window }: StateSubscriptionOptions) {
    this.sid = sid;
    this.#channel = channel;
    this.#outlet = outlet;
    this.#window = new CreditWindow(channel.maxHz, window);
    channel.subscribers.add(this);
  }

  /** Whether frames are unacknowledged. */
  get isIdle(): boolean {
    return this.#window.outstanding === 0;
  }

  /** Whether the version that is shown has not been sent: it waits for credit or for room. */
  get isBehind(): boolean {
    return this.#lastSent < this.#channel.seq;
  }

  /** Sends what the channel shows, if it is new and there are credit and room. */
  offer(now: number): void {
    if (!this.isBehind || this.#outlet.isClosed) return;
    if (this.#window.outstanding >= this.#window.size(this.#outlet.idleRoundTripMs)) return;
    const { encoding, seq } = this.#channel;
    if (!this.#outlet.hasRoom(encoding.size(this.#lastSent))) return;
    encoding.send(this.#outlet.peer, this.sid, this.#lastSent);
    this.#outlet.sent();
    this.#window.sent(seq, now);
    this.#lastSent = seq;
  }

  /** Takes an acknowledgement; what waits goes out on the credit that it gives. */
  acknowledged(seq: number, now: number): void {
    this.#window.acknowledged(seq, now, this.#outlet.idleRoundTripMs);
    this.offer(now);
  }

  close(): void {
    this.#channel.subscribers.delete(this);
  }
}
