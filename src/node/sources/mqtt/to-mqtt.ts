import type { MqttClient } from 'mqtt';
import type { Audience } from '../../../pipeline.ts';
import type { Snapshot, StreamEvent } from '../../../snapshot/snapshot.ts';
import type { SourceError } from '../../../sources/source-error.ts';
import type { Rejection } from '../../../stream/rejection.ts';
import { shownAddress } from './address.ts';
import {
  type BrokerConnection,
  type BrokerOptions,
  checkBrokerOptions,
  openBroker,
} from './broker.ts';
import { checkMs, checkName } from './check-options.ts';

/** Options of a {@link Latest}. */
interface LatestOptions<Value> {
  /** Milliseconds between two values at least. */
  readonly everyMs: number;
  /** Says a value, or returns false where nobody can hear it now. */
  readonly say: (value: Value) => boolean;
}

/** Says the latest of the values that it is given, at a limited rate: what comes in between is replaced. */
export class Latest<Value> {
  readonly #options: LatestOptions<Value>;
  #unsaid: Value | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LatestOptions<Value>) {
    this.#options = options;
  }

  /** Takes a value, which is said now or when the interval is over. */
  put(value: Value): void {
    this.#unsaid = value;
    if (this.#timer === undefined) this.flush();
  }

  /** Says what has not been said, at once. */
  flush(): void {
    this.stop();
    const { everyMs, say } = this.#options;
    if (this.#unsaid === undefined || !say(this.#unsaid)) return;
    this.#unsaid = undefined;
    this.#timer = setTimeout(() => this.flush(), everyMs).unref();
  }

  /** Says nothing more by itself until the next value is put. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** Options of {@link toMqtt}. */
export interface ToMqttOptions extends BrokerOptions {
  /** What the topics begin with. Default `rivulet`. */
  readonly prefix?: string;
  /** Milliseconds between two messages of cost, metrics and predictions at least. Default 1,000. */
  readonly everyMs?: number;
  /**
   * How long the first connection is waited for, in milliseconds. Default Infinity: an audience may
   * begin before its broker.
   */
  readonly waitMs?: number | undefined;
}

/** An audience on the other side of a broker. */
export interface MqttAudience extends Audience {
  /**
   * Publishes the latest state and ends the connection; settles when it has ended, after a second at
   * most. Rejects with a `SourceError` where the broker has been given up, as after a wrong password,
   * and there were no `events` to tell.
   */
  close(): Promise<void>;
}

/** How many events may wait for a broker that is away; the newest are left out. */
const waitingMax = 1_000;

/**
 * Publishes what a pipeline does: `PREFIX/cost` and `PREFIX/metrics`, retained, `PREFIX/predictions`
 * with the newest few, all of them the latest state at a limited rate; `PREFIX/events` and
 * `PREFIX/rejected`, each of them, at least once. Give it to a pipeline as its audience.
 *
 * A pipeline continues without its broker. Connections are retried without limit, except to a broker that
 * refuses the client; `events` receives both. Throws if the address or an option is invalid.
 */
export const toMqtt = (url: string, options: ToMqttOptions = {}): MqttAudience => {
  checkBrokerOptions(options);
  checkName('prefix', options.prefix, '+#');
  checkMs('everyMs', options.everyMs);
  return new BrokerAudience(url, options);
};

class BrokerAudience implements MqttAudience {
  readonly #prefix: string;
  readonly #hasEvents: boolean;
  readonly #broker: BrokerConnection;
  readonly #state: Latest<Snapshot>;
  #waiting = 0;
  #failure: SourceError | undefined;
  #closing: Promise<void> | undefined;

  constructor(url: string, options: ToMqttOptions) {
    const { prefix = 'rivulet', everyMs = 1_000, waitMs = Number.POSITIVE_INFINITY } = options;
    const { events } = options;
    this.#prefix = prefix;
    this.#hasEvents = events !== undefined;
    this.#state = new Latest({ everyMs, say: (snapshot) => this.#show(snapshot) });
    const message = `connected to ${shownAddress(url)}`;
    this.#broker = openBroker(
      url,
      { ...options, waitMs },
      {
        connected: () => {
          events?.next({ kind: 'connected', message });
          this.#state.flush();
        },
        failed: (error) => {
          this.#failure = error;
          events?.next({ kind: 'failed', message: error.message });
        },
      },
    );
  }

  publish(snapshot: Snapshot): void {
    if (!this.#isOver) this.#state.put(snapshot);
  }

  event(event: StreamEvent): void {
    this.#tell('events', event);
  }

  reject(rejection: Rejection): void {
    this.#tell('rejected', rejection);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  get #client(): MqttClient {
    return this.#broker.client;
  }

  get #isOver(): boolean {
    return this.#failure !== undefined || this.#closing !== undefined;
  }

  async #end(): Promise<void> {
    this.#state.flush();
    this.#state.stop();
    await this.#broker.close();
    if (this.#failure && !this.#hasEvents) throw this.#failure;
  }

  #tell(topic: string, value: unknown): void {
    if (this.#isOver || this.#waiting >= waitingMax) return;
    this.#waiting += 1;
    this.#client.publish(`${this.#prefix}/${topic}`, JSON.stringify(value), { qos: 1 }, () => {
      this.#waiting -= 1;
    });
  }

  /** The library would keep what is said while there is no connection, state after state. */
  #show({ step, cost, metrics, predictions }: Snapshot): boolean {
    if (!this.#client.connected) return false;
    this.#say('cost', { step, ...cost }, true);
    this.#say('metrics', { step, ...metrics }, true);
    this.#say('predictions', predictions, false);
    return true;
  }

  #say(topic: string, value: unknown, retain: boolean): void {
    this.#client.publish(`${this.#prefix}/${topic}`, JSON.stringify(value), { qos: 0, retain });
  }
}
