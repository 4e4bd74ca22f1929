import { setTimeout as later } from 'node:timers/promises';
import { Observable, type Subscriber } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { emitPaced } from '../../../stream/emit-paced.ts';
import { checkPacer, Pacer, type PacerOptions } from '../../../stream/pacer.ts';
import { type RejectionSink, withRaw } from '../../../stream/rejection.ts';
import { crossed } from '../../threads/crossed-error.ts';
import type { PackedExamples } from '../../threads/packed-examples.ts';
import { startThread } from '../../threads/start-thread.ts';
import { Unpacker } from '../../threads/unpacker.ts';
import { shownAddress } from './address.ts';
import { type BrokerOptions, checkBrokerOptions } from './broker.ts';
import { checkCount, checkFunction, checkMs, checkName, checkOneOf } from './check-options.ts';
import { type FeedHandlers, type MqttFeed, type MqttFeedOptions, openFeed } from './feed.ts';
import type { IntakeOptions, MqttCounters } from './intake.ts';
import type { ClientSettings, FromClient, ToClient } from './thread-messages.ts';

/** So long a thread may take to end. */
const stopMs = 2_000;

/** Subscribes to topics in a thread of its own, so that this one only learns. */
const openFarFeed = (url: string, options: MqttFeedOptions, handlers: FeedHandlers): MqttFeed => {
  const { counters, rejected, events, failed } = handlers;
  const address = shownAddress(url);
  const settings: ClientSettings = { url, options };
  const worker = startThread('node/sources/mqtt/client-thread', settings);
  const tell = (message: ToClient): void => worker.postMessage(message);
  const unpacker = new Unpacker();
  // Made when they are needed: the garbage collector would move objects that wait.
  const examplesOf = (packed: PackedExamples): Iterable<Example | undefined> => ({
    [Symbol.iterator]: () => unpacker.unpack(packed).values(),
  });
  const deliver = (examples: Iterable<Example | undefined>): Promise<number> =>
    handlers.deliver(examples).catch((error: unknown) => {
      failed(error);
      return 0;
    });
  let last: Promise<unknown> = Promise.resolve();
  worker.on('message', (message: FromClient) => {
    if ('counters' in message) Object.assign(counters, message.counters);
    if (message.kind === 'event') events.next(message.event);
    else if (message.kind === 'rejection') rejected.next(withRaw(message.rejection, message.raw));
    else if (message.kind === 'failed') failed(crossed(message.error));
    else {
      const taken = deliver(examplesOf(message.packed));
      // In the order of the batches, whichever is settled first.
      last = last.then(async () => tell({ kind: 'taken', count: await taken }));
    }
  });
  worker.on('error', failed);
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      failed(new SourceError(`the thread of ${address} has ended`));
      resolve();
    });
  });
  return {
    async close() {
      tell({ kind: 'stop' });
      await last;
      // It ends by itself when it has heard; one that is stuck does not.
      const timer = setTimeout(() => void worker.terminate(), stopMs);
      await exited;
      clearTimeout(timer);
    },
  };
};

/** Gives examples to a subscriber in turn, and serves the event loop among them. */
class PacedEmission {
  readonly #subscriber: Subscriber<Example>;
  readonly #pacer: Pacer;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(subscriber: Subscriber<Example>, options: PacerOptions) {
    this.#subscriber = subscriber;
    this.#pacer = new Pacer(options);
  }

  /** Resolves with how many examples were consumed when all were, or the subscriber has gone. */
  take(examples: Iterable<Example | undefined>): Promise<number> {
    const taken = this.#turn.then(() => this.#emit(examples));
    this.#turn = taken;
    return taken;
  }

  stop(): void {
    this.#pacer.stop();
  }

  async #emit(examples: Iterable<Example | undefined>): Promise<number> {
    const subscriber = this.#subscriber;
    return emitPaced([...examples], this.#pacer, {
      get closed() {
        return subscriber.closed;
      },
      next(example) {
        if (example !== undefined) subscriber.next(example);
      },
    });
  }
}

/** The delay before another attempt, in ms. */
const retryMs = 1_000;

/** The timeout for a checkpoint after the source was stopped, in ms: the broker waits meanwhile. */
const lastMs = 5_000;

/** Waits until what has been learned is durable. */
export class DurableWait {
  readonly #kept: () => Promise<unknown>;
  /** Settles each waiting caller with false. */
  readonly #waiting = new Set<() => void>();
  #isStopped = false;
  #isOver = false;

  /** `kept` resolves when all that was learned before the call is durable; if it rejects, nothing is. */
  constructor(kept: () => Promise<unknown>) {
    this.#kept = kept;
  }

  /** Resolves with true when it is; with false only after {@link stop}, if `kept` did not resolve in time. */
  isDurable(): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isDurable: boolean): void => {
        this.#waiting.delete(giveUp);
        resolve(isDurable);
      };
      const giveUp = (): void => settle(false);
      this.#waiting.add(giveUp);
      void this.#ask().then(settle);
    });
  }

  /** Waits for a checkpoint of what was learned so far, up to a timeout; makes no further attempts. */
  stop(): void {
    this.#isStopped = true;
    setTimeout(() => {
      this.#isOver = true;
      for (const giveUp of this.#waiting) giveUp();
    }, lastMs).unref();
  }

  async #ask(): Promise<boolean> {
    while (!this.#isOver) {
      try {
        await this.#kept();
        return true;
      } catch {
        // A full disk must not end the stream. The broker sends again what is not acknowledged.
        if (!this.#isStopped) await later(retryMs, undefined, { ref: false });
        if (this.#isStopped) return false;
      }
    }
    return false;
  }
}

/** Options of {@link fromMqtt}. */
export interface FromMqttOptions extends BrokerOptions, IntakeOptions, PacerOptions {
  /** Topic filters, with `+` and `#`. */
  readonly topics: string | readonly string[];
  /** Default 1: at least once. */
  readonly qos?: 0 | 1 | 2;
  /** The name of a group whose members share the messages. */
  readonly share?: string;
  /** How long values of several topics are waited for to become a record. Default 1,000. */
  readonly joinMs?: number;
  /** Receives messages that hold no sample. Default: they are left out. */
  readonly rejected?: RejectionSink;
  /** Kept up to date with what came. */
  readonly counters?: MqttCounters;
  /** Whether the broker's client has a thread of its own, and this one only learns. Default no. */
  readonly thread?: boolean;
  /**
   * Awaited before the messages of learned samples are acknowledged, such as
   * `() => checkpoints.saved()`: after a kill the broker sends again what no checkpoint contains. If it
   * rejects, it is called again after a second. After an unsubscription it is called once more, with a
   * timeout of 5 s. Default: messages are acknowledged when they are learned.
   */
  readonly kept?: () => Promise<unknown>;
}

/**
 * A stream of what a broker's topics say (MQTT 3.1.1 or 5). A payload that is a JSON record is an
 * example. Bare numbers, and all topics of a `map`, are joined into one record each `joinMs`.
 *
 * A record is acknowledged when it has been learned from, or `kept`, and no earlier; so a learner that
 * is slower than its topics holds the broker back, and little is buffered here. A value that waits to
 * be joined does not hold its acknowledgement back: a crash within `joinMs` loses it. It reconnects by
 * itself. It cannot be replayed: with QoS 1 and a `clientId` the broker keeps what comes meanwhile,
 * and after a break a message may come twice; after an unsubscription none does that was acknowledged,
 * and the connection ends when all has been that may be.
 *
 * Throws a TypeError or a RangeError if an option is invalid. What makes the whole source useless, such
 * as a wrong address or password, is a `SourceError` of the stream.
 */
export const fromMqtt = (url: string, options: FromMqttOptions): Observable<Example> => {
  check(options);
  const feedOptions = feedOptionsOf(options);
  const open = options.thread ? openFarFeed : openFeed;
  return new Observable((subscriber) => {
    const emission = new PacedEmission(subscriber, options);
    const durable = options.kept && new DurableWait(options.kept);
    const feed = open(url, feedOptions, {
      async deliver(examples) {
        const count = await emission.take(examples);
        if (durable === undefined || count === 0) return count;
        return (await durable.isDurable()) ? count : 0;
      },
      counters: options.counters ?? { received: 0, duplicates: 0, rejected: 0 },
      rejected: options.rejected ?? { next() {} },
      events: options.events ?? { next() {} },
      failed: (error) => subscriber.error(error),
    });
    subscriber.add(() => {
      emission.stop();
      durable?.stop();
      feed.close().catch(() => {});
    });
  });
};

const check = (options: FromMqttOptions): void => {
  checkBrokerOptions(options);
  checkPacer(options);
  checkOneOf('qos', options.qos, [0, 1, 2]);
  checkOneOf('retained', options.retained, ['use', 'skip']);
  checkMs('joinMs', options.joinMs);
  checkCount('topicsMax', options.topicsMax);
  checkName('share', options.share, '/+#');
  checkFunction('kept', options.kept);
};

/** Only what can be sent to another thread. */
const feedOptionsOf = (options: FromMqttOptions): MqttFeedOptions => {
  const { username, password, clientId, protocolVersion, receiveMaximum, tls, waitMs } = options;
  const { shortSessionsMax } = options;
  const broker = {
    username,
    password,
    clientId,
    protocolVersion,
    receiveMaximum,
    tls,
    waitMs,
    shortSessionsMax,
  };
  const { target, id, time, map, topicsMax, retained, qos = 1, joinMs = 1_000 } = options;
  const record = { ...(target && { target }), ...(id && { id }), ...(time && { time }) };
  const join = { map, topicsMax, joinMs };
  return { ...broker, ...record, ...join, retained, qos, filters: filtersOf(options) };
};

const filtersOf = ({ topics, share }: FromMqttOptions): string[] => {
  const filters = typeof topics === 'string' ? [topics] : [...topics];
  if (filters.length === 0) throw new TypeError('topics must name at least one topic');
  for (const filter of filters) {
    if (!/^[^#]*$|^([^#]*\/)?#$/.test(filter) || /[^/]\+|\+[^/]/.test(filter) || filter === '') {
      throw new RangeError(`'${filter}' is no topic filter: + and # stand for whole levels`);
    }
  }
  return share === undefined ? filters : filters.map((filter) => `$share/${share}/${filter}`);
};
