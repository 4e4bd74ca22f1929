import { Observable } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import { checkPacer, type PacerOptions } from '../../../stream/pacer.ts';
import type { RejectionSink } from '../../../stream/rejection.ts';
import { type BrokerOptions, checkBrokerOptions } from './broker.ts';
import { checkCount, checkFunction, checkMs, checkName, checkOneOf } from './check-options.ts';
import { openFarFeed } from './far-feed.ts';
import { type FeedOptions, openFeed } from './feed.ts';
import type { IntakeOptions, MqttCounters } from './intake.ts';
import { Keeper } from './keeper.ts';
import { PacedEmission } from './paced-emission.ts';

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
  readonly rejected?: RejectionSink;
  /** Kept up to date with what came. */
  readonly counters?: MqttCounters;
  /** Whether the broker's client has a thread of its own, and this one only learns. Default no. */
  readonly thread?: boolean;
  /**
   * Waited for before messages that were learned from are acknowledged, such as
   * `() => checkpoints.saved()`: what a process that was killed had not kept comes again. Where it
   * fails it is asked again each second. After an unsubscription it is asked once more and waited for
   * 5 s at most. Default: what is learned is acknowledged.
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
 * Throws a TypeError or RangeError where an option cannot be meant. What makes the whole source useless,
 * such as a wrong address or password, is a `SourceError` of the stream.
 */
export const fromMqtt = (url: string, options: FromMqttOptions): Observable<Example> => {
  check(options);
  const feedOptions = feedOptionsOf(options);
  const open = options.thread ? openFarFeed : openFeed;
  return new Observable((subscriber) => {
    const emission = new PacedEmission(subscriber, options);
    const keeper = options.kept && new Keeper(options.kept);
    const feed = open(url, feedOptions, {
      async deliver(examples) {
        const count = await emission.take(examples);
        if (keeper === undefined || count === 0) return count;
        return (await keeper.isKept()) ? count : 0;
      },
      counters: options.counters ?? { received: 0, duplicates: 0, rejected: 0 },
      rejected: options.rejected ?? { next() {} },
      events: options.events ?? { next() {} },
      failed: (error) => subscriber.error(error),
    });
    subscriber.add(() => {
      emission.stop();
      keeper?.stop();
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

/** Only what can be told to another thread. */
const feedOptionsOf = (options: FromMqttOptions): FeedOptions => {
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
