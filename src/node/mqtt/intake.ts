import type { Subscriber } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import { exampleFromRecord, type RecordOptions } from '../../sources/record.ts';
import { Pacer } from '../../stream/pacer.ts';
import { type RejectionSink, SampleError } from '../../stream/rejection.ts';
import type { Message } from './message.ts';
import { readPayload } from './payload.ts';
import { TopicJoin, type TopicMap } from './topic-join.ts';

/** What came from a broker so far. */
export interface MqttCounters {
  received: number;
  /** Marked by the broker as sent before: whether that arrived is not known. */
  duplicates: number;
  rejected: number;
}

/** How messages become examples. */
export interface IntakeOptions extends RecordOptions {
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

/** Turns messages into examples, no faster than these are learned from. */
export class Intake {
  readonly #subscriber: Subscriber<Example>;
  readonly #options: IntakeOptions;
  readonly #counters: MqttCounters;
  readonly #join: TopicJoin;
  readonly #pacer = new Pacer();
  readonly #timer: NodeJS.Timeout;

  constructor(subscriber: Subscriber<Example>, options: IntakeOptions) {
    this.#subscriber = subscriber;
    this.#options = options;
    this.#counters = options.counters ?? { received: 0, duplicates: 0, rejected: 0 };
    this.#join = new TopicJoin(options.map);
    this.#timer = setInterval(() => this.#closeRecords(), options.joinMs ?? 1_000);
  }

  /** Says how many were taken until all were, or nobody wanted more. */
  async take(messages: readonly Message[]): Promise<number> {
    let count = 0;
    for (const message of messages) {
      if (this.#pacer.isDue()) await this.#pacer.pass();
      if (this.#subscriber.closed) break;
      this.#takeOne(message);
      count += 1;
    }
    return count;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#pacer.stop();
  }

  #takeOne({ topic, payload, dup, retain }: Message): void {
    if (retain && this.#options.retained === 'skip') return;
    // An empty one takes a retained message back.
    if (payload.length === 0) return;
    this.#counters.received += 1;
    if (dup) this.#counters.duplicates += 1;
    this.#guard(() => {
      const value = readPayload(topic, payload);
      const isExample = typeof value === 'object' && this.#options.map === undefined;
      if (isExample) this.#subscriber.next(exampleFromRecord(value, this.#options));
      else this.#join.put(topic, value);
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
