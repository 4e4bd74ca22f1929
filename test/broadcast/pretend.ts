import { Broadcaster } from '../../src/broadcast/broadcaster.ts';
import { decodeFrame, type Frame } from '../../src/broadcast/frame.ts';
import type { EpochHistory } from '../../src/broadcast/history.ts';
import { Hub, type HubOptions } from '../../src/broadcast/hub.ts';
import type { Limits } from '../../src/broadcast/limits.ts';
import type { Model } from '../../src/broadcast/model.ts';
import type { Peer } from '../../src/broadcast/peer.ts';
import type { Role, ServerMessage } from '../../src/broadcast/server-messages.ts';

type Message<T extends ServerMessage['t']> = Extract<ServerMessage, { t: T }>;

/** A clock that stands until it is set forward. */
export class PretendClock {
  #now = 1_000_000;

  now(): number {
    return this.#now;
  }

  forward(ms: number): void {
    this.#now += ms;
  }
}

/** A peer that keeps what it is sent. */
export class PretendPeer implements Peer {
  readonly messages: ServerMessage[] = [];
  readonly frames: Frame[] = [];
  /** All that came, in order: the topic of a text, or `frame`. */
  readonly order: string[] = [];
  bufferedAmount = 0;
  /** Whether nothing is read from it. */
  isStalled = false;
  pings = 0;
  closed: { code: number; reason: string } | undefined;

  send(text: string): void {
    if (this.isStalled) this.bufferedAmount += text.length;
    const message = JSON.parse(text) as ServerMessage;
    this.messages.push(message);
    this.order.push(message.t);
  }

  sendFrame(header: Uint8Array, payload: Uint8Array): void {
    if (this.isStalled) this.bufferedAmount += header.length + payload.length;
    this.frames.push(decodeFrame(Buffer.concat([header, payload])));
    this.order.push('frame');
  }

  ping(): void {
    this.pings += 1;
  }

  flush(): void {}

  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
  }

  /** The messages of one kind. */
  all<T extends ServerMessage['t']>(t: T): Message<T>[] {
    return this.messages.filter((message): message is Message<T> => message.t === t);
  }

  /** The newest message of one kind. */
  last<T extends ServerMessage['t']>(t: T): Message<T> | undefined {
    return this.all(t).at(-1);
  }
}

/** Options of {@link stage}. */
export interface StageOptions {
  readonly limits?: Partial<Limits>;
  readonly model?: Model;
  readonly roles?: readonly Role[];
  readonly hub?: Partial<HubOptions>;
  readonly continued?: EpochHistory;
}

/** A hub with one model and a clock, and a way to join it. */
export const stage = ({
  limits = {},
  model = {},
  roles,
  hub: more = {},
  continued,
}: StageOptions = {}) => {
  const clock = new PretendClock();
  let epochs = 0;
  const nextEpoch = (): string => `epoch-${++epochs}`;
  const broadcaster = new Broadcaster({
    name: 'toy',
    clock,
    nextEpoch,
    limits,
    ...(continued && { continued }),
  });
  const hub = new Hub({
    models: [{ broadcaster, model }],
    clock,
    nextSession: () => 'session',
    random: () => 0.5,
    authenticate: (token) => (token === 'right' ? { roles: ['read'] } : undefined),
    limits,
    ...more,
  });
  const connect = () => {
    const peer = new PretendPeer();
    const session = hub.connect(peer, { roles: roles ?? ['read', 'predict', 'feed', 'admin'] });
    const say = (message: object): void => session.receive(JSON.stringify(message));
    return { peer, session, say };
  };
  const join = () => {
    const joined = connect();
    joined.say({ t: 'hello', v: 1 });
    return joined;
  };
  /** Lets time pass, a few milliseconds at a time. */
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 5) {
      clock.forward(Math.min(5, left));
      hub.tick();
    }
  };
  return { clock, broadcaster, hub, connect, join, pass };
};
