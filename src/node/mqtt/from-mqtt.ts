import type { IPublishPacket, MqttClient } from 'mqtt';
import { Observable, type Subscriber } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import { exampleFromRecord, type RecordOptions } from '../../sources/record.ts';
import { SourceError } from '../../sources/source-error.ts';
import { Pacer } from '../../stream/pacer.ts';
import { type RejectionSink, SampleError } from '../../stream/rejection.ts';
import { type BrokerOptions, openBroker } from './broker.ts';
import { readPayload } from './payload.ts';
import { TopicJoin, type TopicMap } from './topic-join.ts';

/** What came from a broker so far. */
export interface MqttCounters {
  received: number;
  /** Marked by the broker as sent before: whether that arrived is not known. */
  duplicates: number;
  rejected: number;
}

/** Options of {@link fromMqtt}. */
export interface FromMqttOptions extends BrokerOptions, RecordOptions {
  /** Topic filters, with `+` and `#`. */
  readonly topics: string | readonly string[];
  /** Default 1: at least once. */
  readonly qos?: 0 | 1 | 2;
  /** The name of a group whose members share the messages. */
  readonly share?: string;
  /** What topics are called as features. Default: by their own names. */
  readonly map?: TopicMap;
  /** How long values of several topics are waited for to become a record. Default 1,000. */
  readonly joinMs?: number;
  /** Whether retained messages, which are of before, count. Default `use`. */
  readonly retained?: 'use' | 'skip';
  readonly rejected?: RejectionSink;
  /** Kept up to date with what came. */
  readonly counters?: MqttCounters;
}

/**
 * A stream of what a broker's topics say (MQTT 3.1.1 or 5). A payload that is a JSON record is an
 * example. Bare numbers, and all topics of a `map`, are joined into one record each `joinMs`.
 *
 * A record is acknowledged when it has been learned from, and no earlier; so a learner that is
 * slower than its topics holds the broker back, and nothing is buffered here. A value that waits to
 * be joined is acknowledged when it is taken: a crash within `joinMs` loses it. It reconnects by
 * itself. It cannot be replayed: with QoS 1 and a `clientId` the broker keeps what comes meanwhile,
 * and after a break a message may come twice.
 */
export const fromMqtt = (url: string, options: FromMqttOptions): Observable<Example> => {
  const filters = filtersOf(options);
  return new Observable((subscriber) => {
    const intake = new Intake(subscriber, options);
    const failed = (error: unknown): void => subscriber.error(error);
    const { client, close } = openBroker(url, options, {
      connected: (isFirst) => {
        const announce = (): void =>
          options.events?.next({ kind: 'connected', message: `connected to ${url}` });
        // Later the library subscribes again by itself.
        if (!isFirst) announce();
        else subscribe(client, { filters, qos: options.qos ?? 1 }).then(announce, failed);
      },
      failed,
    });
    subscriber.add(close);
    subscriber.add(() => intake.stop());
    client.handleMessage = (packet, done) => intake.take(packet, done);
  });
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

const subscribe = async (
  client: MqttClient,
  { filters, qos }: { filters: string[]; qos: 0 | 1 | 2 },
): Promise<void> => {
  const granted = await client.subscribeAsync(filters, { qos });
  const refused = granted.find((grant) => grant.qos >= 128);
  if (refused === undefined) return;
  throw new SourceError(`the broker does not let us subscribe to ${refused.topic}`);
};

/** Takes messages, turns them into examples, and says when the next may come. */
class Intake {
  readonly #subscriber: Subscriber<Example>;
  readonly #options: FromMqttOptions;
  readonly #counters: MqttCounters;
  readonly #join: TopicJoin;
  readonly #pacer = new Pacer();
  readonly #timer: NodeJS.Timeout;

  constructor(subscriber: Subscriber<Example>, options: FromMqttOptions) {
    this.#subscriber = subscriber;
    this.#options = options;
    this.#counters = options.counters ?? { received: 0, duplicates: 0, rejected: 0 };
    this.#join = new TopicJoin(options.map);
    this.#timer = setInterval(() => this.#closeRecords(), options.joinMs ?? 1_000);
  }

  take(packet: IPublishPacket, done: (error?: Error) => void): void {
    if (!this.#pacer.isDue()) {
      this.#learn(packet);
      done();
      return;
    }
    void this.#pacer.pass().then(() => {
      this.#learn(packet);
      done();
    });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#pacer.stop();
  }

  #learn({ topic, payload, dup, retain }: IPublishPacket): void {
    if (retain && this.#options.retained === 'skip') return;
    // An empty one takes a retained message back.
    if (payload.length === 0) return;
    this.#counters.received += 1;
    if (dup) this.#counters.duplicates += 1;
    this.#guard(() => {
      const value = readPayload(topic, Buffer.from(payload));
      const isExample = typeof value === 'object' && this.#options.map === undefined;
      if (!isExample) {
        this.#join.put(topic, value);
        return;
      }
      this.#subscriber.next(exampleFromRecord(value, this.#options));
    });
  }

  #closeRecords(): void {
    for (const { group, values } of this.#join.take()) {
      this.#guard(() => {
        const example = exampleFromRecord(values, this.#options);
        this.#subscriber.next(group === '' ? example : { id: group, ...example });
      });
    }
  }

  #guard(task: () => void): void {
    try {
      task();
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      this.#counters.rejected += 1;
      this.#options.rejected?.next(error.at(this.#counters.received - 1, undefined));
    }
  }
}
