import { from, Observable, type ObservableInput } from 'rxjs';
import type { FedSample, Feed } from '../broadcast/client-messages.ts';
import type { Err, Fed } from '../broadcast/server-messages.ts';
import { hinted } from './backoff.ts';
import { madeUp } from './made-up.ts';
import { RequestFailed } from './questions.ts';

/** A connection that a feeder can take part in. */
interface FeedingLink extends FeederLink {
  /** Passes answers and reconnections to the feeder, and a final close to `fail`. */
  join(feeder: Feeder, fail: (error: Error) => void): void;
  leave(feeder: Feeder): void;
}

/** Feeds what a source emits while it is subscribed to; completes when all of it has arrived. */
export const feeding = (
  samples: ObservableInput<FedSample>,
  options: FeedOptions,
  link: FeedingLink,
): Observable<FeedProgress> =>
  new Observable((subscriber) => {
    let isComplete = false;
    const finish = (): void => {
      if (isComplete && feeder.waiting === 0) subscriber.complete();
    };
    const failed = (error: Error): void => subscriber.error(error);
    const feeder: Feeder = new Feeder(options, link, {
      progress: (progress) => {
        subscriber.next(progress);
        finish();
      },
      failed,
    });
    subscriber.add(() => {
      link.leave(feeder);
      feeder.stop();
    });
    link.join(feeder, failed);
    const source = from(samples).subscribe({
      next: (sample) => feeder.add(sample),
      error: failed,
      complete: () => {
        isComplete = true;
        finish();
      },
    });
    subscriber.add(source);
  });

/** Samples in one message. */
const batchMax = 256;

/** Characters in the name of a producer. */
const producerLengthMax = 128;

/** Bytes of a message, where a server does not say how many it takes. */
const defaultMessageBytes = 1_048_576;

/** What a feeder must know of a server: the `limits` of its welcome. */
export interface FeedLimits {
  readonly feedCredit?: number;
  readonly messageBytes?: number;
}

/** How samples are fed. */
export interface FeedOptions {
  /** When a sample counts as arrived: default `learned`. */
  readonly ack?: 'accepted' | 'learned' | 'durable';
  /**
   * A name that only this sender uses. Default: a random one. If the server has forgotten samples that
   * it had acknowledged, the numbers have a gap: the rest is sent as `NAME@NUMBER`, after the first of it.
   */
  readonly producer?: string;
  /** The number of the first sample, for a producer that resumes: ≥ 1. Default 1. */
  readonly first?: number;
  /** Samples that may wait to be acknowledged; beyond it the stream ends with an error. Default 65,536. */
  readonly waitingMax?: number;
  /** Receives, at each attempt, why the server does not accept samples now. They are sent again. */
  readonly busy?: { next(refusal: RequestFailed): void };
  /**
   * Receives the number of acknowledged samples that the server has forgotten, because it resumed from an
   * older checkpoint. They are not sent again; with `ack: 'durable'` there are none.
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
  /** Sends a message that is JSON already; false when there is no connection. */
  sendText(message: string): boolean;
  nextId(): number;
}

/** Receives what becomes of the samples. */
export interface FeederListener {
  progress(progress: FeedProgress): void;
  failed(error: Error): void;
}

/**
 * Sends samples in order and holds each until it is acknowledged. It sends no more than the server gave
 * credit for. After a reconnection, or when the server was busy, it resumes from the first sample that is
 * not acknowledged, under the same numbers.
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
  #messageBytes = defaultMessageBytes;
  /** Gaps since the last sample arrived. */
  #gaps = 0;
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

  /** There is a connection to a server with these limits. */
  connected({ feedCredit = 0, messageBytes = defaultMessageBytes }: FeedLimits): void {
    this.#credit = feedCredit;
    this.#messageBytes = messageBytes;
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
    this.#gaps = 0;
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
    const { code, message, retryMs, upTo = first } = refusal;
    const missing = upTo + 1 + this.#forgotten;
    if (code === 'gap' && missing < first) this.#fillGap(missing);
    else if (retryMs !== undefined) {
      this.#next = Math.min(this.#next, first);
      this.#restartLater(hinted(retryMs, 0), this.#first);
      this.#tellBusy?.next(new RequestFailed(refusal));
    } else this.#listener.failed(new Error(`${code}: ${message}`));
  }

  /** Samples before those that were sent have not arrived: this is the number of the first. */
  #fillGap(missing: number): void {
    // What had arrived and was forgotten is no longer here: nothing can fill that hole.
    if (missing < this.#first) this.#renumber(this.#first - missing);
    const from = Math.max(this.#first, missing);
    // A server that reports gaps whatever is sent must not cause an endless loop of requests.
    if (this.#gaps > 0) this.#restartLater(hinted(0, this.#gaps), from);
    else this.#restart(from);
    this.#gaps += 1;
  }

  #restartLater(ms: number, from: number): void {
    this.#sent.clear();
    this.#pause ??= setTimeout(() => {
      this.#pause = undefined;
      this.#restart(from);
    }, ms);
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
      const count = this.#room();
      if (count <= 0 || !this.#sendFrom(this.#next - this.#first, count)) return;
    }
  }

  /** How many samples may be sent now. One always, where nothing else would tell of new credit. */
  #room(): number {
    let outstanding = 0;
    for (const { count } of this.#sent.values()) outstanding += count;
    return Math.min(batchMax, Math.max(this.#credit - outstanding, this.#sent.size === 0 ? 1 : 0));
  }

  /** Sends at most `countMax` samples, as many as fit into a message. False when none can be sent. */
  #sendFrom(from: number, countMax: number): boolean {
    const id = this.#link.nextId();
    const numbering = { producer: this.#producer, first: this.#next - this.#forgotten };
    for (let count = countMax; ; count = Math.floor(count / 2)) {
      const samples = this.#waiting.slice(from, from + count);
      const feed: Feed = { t: 'feed', id, ...numbering, samples, ack: this.#ack };
      const text = JSON.stringify(feed);
      if (isLonger(text, this.#messageBytes)) {
        if (samples.length > 1) continue;
        const most = `the server takes ${this.#messageBytes} bytes`;
        this.#listener.failed(new RangeError(`sample ${this.#next} is too large: ${most}`));
        return false;
      }
      if (!this.#link.sendText(text)) return false;
      this.#sent.set(id, { first: this.#next, count: samples.length });
      this.#next += samples.length;
      return true;
    }
  }
}

/** Whether a text has more bytes than that. A UTF-16 unit has three bytes at most. */
const isLonger = (text: string, bytesMax: number): boolean =>
  3 * text.length > bytesMax && new TextEncoder().encode(text).length > bytesMax;
