import type { FedSample, Feed } from '../broadcast/client-messages.ts';
import type { Err, Fed } from '../broadcast/server-messages.ts';
import { RequestFailed } from './questions.ts';

/** Samples in one message. */
const batchMax = 256;

/** Characters in the name of a producer. */
const producerLengthMax = 128;

/** How the samples are to be taken. */
export interface FeedOptions {
  /** When a sample counts as arrived: default `learned`. */
  readonly ack?: 'accepted' | 'learned' | 'durable';
  /**
   * A name that only this sender uses. Default: one made up. Where the server has forgotten what it
   * had answered, that leaves a hole: the rest goes on as `NAME@NUMBER`, after the first of it.
   */
  readonly producer?: string;
  /** The number of the first sample, where a producer goes on. Default 1. */
  readonly first?: number;
  /** Samples that may wait to be acknowledged; beyond it the stream ends with an error. Default 65,536. */
  readonly waitingMax?: number;
  /** Who is told, at each attempt, why the server does not take them now. They are sent again. */
  readonly busy?: { next(refusal: RequestFailed): void };
  /**
   * Told how many samples that had arrived a server has forgotten, since it went on from a checkpoint
   * that was older. They are not sent again; with `ack: 'durable'` there are none.
   */
  readonly forgotten?: { next(count: number): void };
}

/** What has arrived since it was last told. The numbers are those that the samples were given with. */
export interface FeedProgress {
  /** The number of the last sample that has arrived: it never goes back. */
  readonly upTo: number;
  /** Samples that were refused, by their number. */
  readonly rejected: readonly { readonly number: number; readonly code: string }[];
  /** Samples the model had learned then. */
  readonly step: number;
}

/** What a {@link Feeder} needs of its connection. */
export interface FeederLink {
  /** False when there is no connection. */
  send(message: Feed): boolean;
  nextId(): number;
}

/** Who is told what becomes of the samples. */
export interface FeederListener {
  progress(progress: FeedProgress): void;
  failed(error: Error): void;
}

/**
 * Sends samples in order and keeps each until it has arrived. It sends no more than the server gave
 * credit for; after a reconnection, or when the server was busy, it goes on from the first that
 * has not arrived, under the same numbers.
 */
export class Feeder {
  readonly #link: FeederLink;
  readonly #listener: FeederListener;
  readonly #ack: 'accepted' | 'learned' | 'durable';
  readonly #waitingMax: number;
  readonly #tellBusy: FeedOptions['busy'];
  readonly #tellForgotten: FeedOptions['forgotten'];
  readonly #name: string;
  readonly #sent = new Map<number, { readonly first: number; readonly count: number }>();
  #producer: string;
  /** Samples before those that the producer's numbers count: the server has forgotten them. */
  #forgotten = 0;
  #waiting: FedSample[] = [];
  /** The number of the first that waits. */
  #first: number;
  /** The number of the next to be sent. */
  #next: number;
  #credit = batchMax;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FeedOptions, link: FeederLink, listener: FeederListener) {
    const { ack = 'learned', producer = madeUp(), first = 1, waitingMax = 65_536 } = options;
    this.#ack = ack;
    this.#name = producer;
    this.#producer = producer;
    this.#first = first;
    this.#next = first;
    this.#waitingMax = waitingMax;
    this.#tellBusy = options.busy;
    this.#tellForgotten = options.forgotten;
    this.#link = link;
    this.#listener = listener;
  }

  /** How many have not arrived. */
  get waiting(): number {
    return this.#waiting.length;
  }

  add(sample: FedSample): void {
    if (this.#waiting.length >= this.#waitingMax) {
      this.#listener.failed(new RangeError(`more than ${this.#waitingMax} samples wait`));
      return;
    }
    this.#waiting.push(sample);
    // Those that come in the same turn go in the same message.
    queueMicrotask(() => this.#pump());
  }

  /** There is a connection, with so much credit. */
  connected(credit: number): void {
    this.#credit = credit;
    this.#restart(this.#first);
  }

  /** The connection is gone. */
  lost(): void {
    this.#sent.clear();
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  stop(): void {
    this.lost();
    this.#waiting = [];
  }

  /** Takes an answer; whether it was one to a message from here. */
  answered(answer: Fed | Err): boolean {
    const batch = this.#sent.get(answer.id ?? -1);
    if (!batch) return false;
    this.#sent.delete(answer.id!);
    if (answer.t === 'fed') this.#arrived(batch.first, batch.count, answer);
    else this.#refused(batch.first, answer);
    return true;
  }

  #arrived(first: number, count: number, { rejected, step, credit }: Fed): void {
    const done = Math.max(0, first + count - this.#first);
    this.#waiting.splice(0, done);
    this.#first += done;
    this.#credit = credit;
    this.#listener.progress({
      upTo: this.#first - 1,
      rejected: rejected.map(({ i, code }) => ({ number: first + i, code })),
      step,
    });
    this.#pump();
  }

  #refused(first: number, refusal: Err): void {
    const { code, message, retryMs, upTo } = refusal;
    if (code === 'gap' && upTo !== undefined) {
      const missing = upTo + 1 + this.#forgotten;
      // What had arrived and was forgotten is no longer here: nothing can fill that hole.
      if (missing < this.#first) this.#renumber(this.#first - missing);
      this.#restart(Math.max(this.#first, missing));
    } else if (retryMs !== undefined) {
      this.#pause ??= setTimeout(() => {
        this.#pause = undefined;
        this.#restart(this.#first);
      }, retryMs);
      this.#next = Math.min(this.#next, first);
      this.#tellBusy?.next(new RequestFailed(refusal));
    } else this.#listener.failed(new Error(`${code}: ${message}`));
  }

  /** Goes on under another name, whose number 1 is the first that waits. */
  #renumber(count: number): void {
    // A program that begins again with the same samples comes to the same name.
    this.#producer = `${this.#name}@${this.#first}`.slice(-producerLengthMax);
    this.#forgotten = this.#first - 1;
    this.#tellForgotten?.next(count);
  }

  #restart(from: number): void {
    this.#sent.clear();
    this.#next = from;
    this.#pump();
  }

  #pump(): void {
    while (!this.#pause && this.#next < this.#first + this.#waiting.length) {
      let outstanding = 0;
      for (const { count } of this.#sent.values()) outstanding += count;
      const count = Math.min(batchMax, this.#credit - outstanding);
      if (count <= 0) return;
      const from = this.#next - this.#first;
      const samples = this.#waiting.slice(from, from + count);
      const id = this.#link.nextId();
      const numbering = { producer: this.#producer, first: this.#next - this.#forgotten };
      if (!this.#link.send({ t: 'feed', id, ...numbering, samples, ack: this.#ack })) return;
      this.#sent.set(id, { first: this.#next, count: samples.length });
      this.#next += samples.length;
    }
  }
}

const madeUp = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join('-');
