import type { Example } from '../../../sources/example.ts';
import { parseJson } from '../../../sources/json-text.ts';
import { exampleFromRecord, type RecordOptions } from '../../../sources/record.ts';
import { RecordTemplate } from '../../../sources/record-template.ts';
import { type RejectionSink, SampleError } from '../../../stream/rejection.ts';
import { TopicJoin, type TopicJoinOptions } from './topic-join.ts';

/** Limits of templates, in topics and in bytes of a record: templates stay, and a flood of topics may come. */
const topicsMax = 1_000;
const templateBytesMax = 4_096;

/**
 * A template that has matched is replaced after 8 records in a row that do not match it, since several
 * kinds may alternate; if records never match, the number doubles up to 1,024.
 */
const mismatchesOfUse = 8;
const mismatchesMax = 1_024;

/** What is known of the records of a topic. */
interface Known {
  template: RecordTemplate | undefined;
  /** Records in a row that must be parsed before another template is made, and those parsed so far. */
  mismatches: number;
  parsed: number;
}

/** A template for the records of each topic: most of them differ from the one before in their numbers alone. */
export class RecordTemplates {
  readonly #options: RecordOptions;
  readonly #topics = new Map<string, Known>();

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  /** The example that a payload is, where it is like its topic's template; else it must be parsed. */
  read(topic: string, payload: Uint8Array): Example | undefined {
    const known = this.#topics.get(topic);
    const example = known?.template?.read(payload);
    if (known && example) {
      known.mismatches = mismatchesOfUse;
      known.parsed = 0;
    }
    return example;
  }

  /** Takes a payload that had to be parsed, and is an example, as a template for those to come. */
  learn(topic: string, payload: Uint8Array): void {
    const known = this.#topics.get(topic) ?? this.#begin(topic);
    if (known === undefined || payload.length > templateBytesMax) return;
    known.parsed += 1;
    if (known.parsed < known.mismatches) return;
    known.parsed = 0;
    known.mismatches = Math.min(mismatchesMax, 2 * known.mismatches);
    known.template = RecordTemplate.of(Buffer.from(payload).toString(), this.#options);
  }

  #begin(topic: string): Known | undefined {
    if (this.#topics.size >= topicsMax) return undefined;
    const known: Known = { template: undefined, mismatches: 1, parsed: 0 };
    this.#topics.set(topic, known);
    return known;
  }
}

/** A message of a topic, as it came from a broker. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker has sent it before, and does not know whether that arrived. */
  readonly dup: boolean;
  /** It was said before anybody subscribed. */
  readonly retain: boolean;
}

/** The largest payload, in bytes. */
const bytesMax = 1 << 20;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** What a payload says: a number, or a record of plain data. Throws a SampleError otherwise. */
export const readPayload = (topic: string, payload: Uint8Array): number | object => {
  if (payload.length > bytesMax) {
    throw new SampleError('parse', `${topic}: ${payload.length} bytes, more than ${bytesMax}`);
  }
  const value = within(topic, () => parseJson(textOf(payload)));
  if (typeof value === 'number') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new SampleError('shape', `${topic}: expected a record or a number`);
};

const textOf = (payload: Uint8Array): string => {
  try {
    return decoder.decode(payload);
  } catch {
    throw new SampleError('parse', 'not UTF-8');
  }
};

/** What a reader returns; its SampleError names the topic. */
const within = <Result>(topic: string, read: () => Result): Result => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SampleError)) throw error;
    throw new SampleError(error.code, `${topic}: ${error.message}`);
  }
};

/** What came from a broker so far. */
export interface MqttCounters {
  /** Messages that came. */
  received: number;
  /** Marked by the broker as sent before: whether that arrived is not known. */
  duplicates: number;
  /** Messages that held no sample. */
  rejected: number;
}

/** How messages become examples. */
export interface IntakeOptions extends RecordOptions, TopicJoinOptions {
  /** Whether retained messages, which are of before, count. Default `use`. */
  readonly retained?: 'use' | 'skip' | undefined;
}

/** Receives what arrives. */
export interface IntakeSinks {
  readonly counters: MqttCounters;
  readonly rejected: RejectionSink;
}

/** Turns messages into examples. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #sinks: IntakeSinks;
  readonly #join: TopicJoin;
  readonly #templates: RecordTemplates;

  constructor(options: IntakeOptions, sinks: IntakeSinks) {
    this.#options = options;
    this.#sinks = sinks;
    this.#join = new TopicJoin(options);
    this.#templates = new RecordTemplates(options);
  }

  /** The example that a message is; undefined where it is none, or only a part of one. */
  read({ topic, payload, dup, retain }: Message): Example | undefined {
    if (retain && this.#options.retained === 'skip') return undefined;
    // An empty one takes a retained message back.
    if (payload.length === 0) return undefined;
    const { counters } = this.#sinks;
    counters.received += 1;
    if (dup) counters.duplicates += 1;
    const alike = this.#templates.read(topic, payload);
    const text = (): string => Buffer.from(payload).toString();
    return alike ?? this.#guard(() => this.#parse(topic, payload), text);
  }

  /** The records that messages were joined into since the last call. */
  joined(): Example[] {
    const examples = this.#join.take().map(({ group, values }) =>
      this.#guard(
        () => {
          const example = this.#example(group || 'the joined record', values);
          return group === '' ? example : { id: group, ...example };
        },
        () => values,
      ),
    );
    return examples.filter((example) => example !== undefined);
  }

  #parse(topic: string, payload: Uint8Array): Example | undefined {
    const value = readPayload(topic, payload);
    if (typeof value === 'object' && this.#options.map === undefined) {
      const example = this.#example(topic, value);
      this.#templates.learn(topic, payload);
      return example;
    }
    // A bad one must not take the whole record with it that it is to be joined into.
    if (typeof value === 'object') this.#example(topic, { [topic]: value });
    this.#join.put(topic, value);
    return undefined;
  }

  /** Of a record from there, which is named where it is a bad one. */
  #example(place: string, record: object): Example {
    return within(place, () => exampleFromRecord(record, this.#options));
  }

  #guard(read: () => Example | undefined, raw: () => unknown): Example | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      const { counters, rejected } = this.#sinks;
      counters.rejected += 1;
      rejected.next(error.at(counters.received - 1, undefined, raw()));
      return undefined;
    }
  }
}
