import type { Subscribe, Topic } from '../broadcast/client-messages.ts';
import type { Ok, ServerMessage } from '../broadcast/server-messages.ts';
import { backoff } from './backoff.ts';
import { ProtocolError } from './read-message.ts';
import { type FrameContext, type Weights, WeightsAssembler } from './weights.ts';

/** How a topic is to come. */
export type TopicOptions = Pick<Subscribe, 'enc' | 'maxHz' | 'window' | 'history' | 'onLag'>;

/** What a message of a topic is: text, or weights put together. */
export type TopicValue = Extract<ServerMessage, { sid: number }> | Weights;

/** What a {@link TopicFeed} tells. */
export interface TopicListener {
  value(value: TopicValue): void;
  /** Something is missing; how many entries, where that is known. */
  gap(missed: number | undefined): void;
}

/** What a {@link TopicFeed} may ask of its connection. */
export interface TopicLink {
  send(message: Subscribe | { t: 'ack'; sid: number; seq: number } | UnsubscribeMessage): void;
  nextId(): number;
}

type UnsubscribeMessage = { t: 'unsub'; id: number; sid: number };

/** After so long without a loss, in ms, the next one is a first. Longer than the longest wait. */
const calmMs = 60_000;

const isLog = (topic: Topic): boolean => topic === 'events' || topic === 'errors';

/** One subscription that outlives connections: asks, acknowledges, notices losses, asks again. */
export class TopicFeed {
  readonly #topic: Topic;
  readonly #options: TopicOptions;
  readonly #listener: TopicListener;
  readonly #link: TopicLink;
  #id = -1;
  #sid: number | undefined;
  #seq = 0;
  #since: { epoch: string; seq: number } | undefined;
  #assembler = new WeightsAssembler();
  /** How often it was requested again without a long pause in between. */
  #attempt = 0;
  #againAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    topic: Topic,
    options: TopicOptions,
    { listener, link }: { listener: TopicListener; link: TopicLink },
  ) {
    this.#topic = topic;
    this.#options = options;
    this.#listener = listener;
    this.#link = link;
  }

  get sid(): number | undefined {
    return this.#sid;
  }

  /** Subscribes to the topic: at first, and from its offset after each reconnection. */
  start(): void {
    clearTimeout(this.#timer);
    this.#id = this.#link.nextId();
    this.#sid = undefined;
    this.#seq = 0;
    this.#assembler = new WeightsAssembler();
    const since = this.#since ? { since: this.#since } : {};
    this.#link.send({ t: 'sub', id: this.#id, topic: this.#topic, ...this.#options, ...since });
  }

  /** Ends it. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#id = -1;
    if (this.#sid === undefined) return;
    this.#link.send({ t: 'unsub', id: this.#link.nextId(), sid: this.#sid });
    this.#sid = undefined;
  }

  /** Takes an `ok`; whether it was the answer to this. */
  opened({ id, sid, epoch, seq, recovered }: Ok): boolean {
    if (id !== this.#id || sid === undefined) return false;
    this.#sid = sid;
    if (!isLog(this.#topic)) return true;
    if (this.#since && !recovered) this.#listener.gap(undefined);
    this.#since = { epoch: epoch ?? '', seq: seq ?? 0 };
    return true;
  }

  /** Takes a text message of this subscription. */
  message(message: Extract<ServerMessage, { sid: number }>): void {
    if (message.t === 'reset') {
      this.#listener.gap(message.missed);
      return;
    }
    if (message.t !== this.#topic) throw new ProtocolError(`${message.t} came for ${this.#topic}`);
    if (!('prev' in message)) {
      if ('seq' in message && this.#since) this.#since = { ...this.#since, seq: message.seq };
      this.#listener.value(message);
    } else if (message.prev === this.#seq) {
      this.#seq = message.seq;
      this.#took(message);
    } else this.#again();
  }

  /** Takes a binary frame of this subscription. */
  frame(bytes: Uint8Array, context: FrameContext): void {
    if (this.#topic !== 'weights') throw new ProtocolError(`a frame came for ${this.#topic}`);
    let weights: Weights;
    try {
      weights = this.#assembler.take(bytes, context);
    } catch {
      this.#again();
      return;
    }
    this.#seq = weights.seq;
    this.#took(weights);
  }

  /** The epoch has changed: a log continues under a new name. */
  epochChanged(epoch: string): void {
    if (this.#since) this.#since = { epoch, seq: this.#since.seq };
  }

  #took(value: TopicValue): void {
    this.#listener.value(value);
    if (this.#sid !== undefined) this.#link.send({ t: 'ack', sid: this.#sid, seq: this.#seq });
  }

  #again(): void {
    this.#listener.gap(undefined);
    this.stop();
    const now = Date.now();
    if (now - this.#againAt > calmMs) this.#attempt = 0;
    this.#againAt = now;
    // The first time at once: a frame was lost. A good frame in between does not reset the count: a
    // server that sends both kinds would cause an endless loop of requests.
    const waitMs = this.#attempt === 0 ? 0 : backoff(this.#attempt, () => 1);
    this.#attempt += 1;
    if (waitMs === 0) this.start();
    else this.#timer = setTimeout(() => this.start(), waitMs);
  }
}
