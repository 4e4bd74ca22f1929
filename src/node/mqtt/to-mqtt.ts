import type { MqttClient } from 'mqtt';
import type { Audience } from '../../pipeline.ts';
import { type BrokerOptions, openBroker } from './broker.ts';

/** Options of {@link toMqtt}. */
export interface ToMqttOptions extends BrokerOptions {
  /** What the topics begin with. Default `rivulet`. */
  readonly prefix?: string;
  /** Milliseconds between two messages of cost, metrics and predictions at least. Default 1,000. */
  readonly everyMs?: number;
}

/** An audience on the other side of a broker. */
export interface MqttAudience extends Audience {
  close(): void;
}

/** How many events may wait for a broker that is away; the newest are left out. */
const waitingMax = 1_000;

/**
 * Publishes what a pipeline does: `PREFIX/cost` and `PREFIX/metrics`, retained, `PREFIX/predictions`
 * with the newest few, all of them the latest state at a limited rate; `PREFIX/events` and
 * `PREFIX/rejected`, each of them, at least once. Give it to a pipeline as its audience.
 */
export const toMqtt = (
  url: string,
  { prefix = 'rivulet', everyMs = 1_000, ...options }: ToMqttOptions = {},
): MqttAudience => {
  const { client, close } = openBroker(url, options, { connected() {}, failed() {} });
  let nextMs = 0;
  let waiting = 0;
  const tell = (topic: string, value: unknown): void => {
    if (waiting >= waitingMax) return;
    waiting += 1;
    client.publish(`${prefix}/${topic}`, JSON.stringify(value), { qos: 1 }, () => {
      waiting -= 1;
    });
  };
  return {
    publish({ step, cost, metrics, predictions }) {
      const now = performance.now();
      // What nobody takes now is replaced by the next state anyway.
      if (now < nextMs || !client.connected) return;
      nextMs = now + everyMs;
      showState(client, prefix, { cost: { step, ...cost }, metrics: { step, ...metrics } });
      client.publish(`${prefix}/predictions`, JSON.stringify(predictions), { qos: 0 });
    },
    event: (event) => tell('events', event),
    reject: (rejection) => tell('rejected', rejection),
    close,
  };
};

const showState = (
  client: MqttClient,
  prefix: string,
  state: Readonly<Record<string, unknown>>,
): void => {
  for (const [topic, value] of Object.entries(state)) {
    client.publish(`${prefix}/${topic}`, JSON.stringify(value), { qos: 0, retain: true });
  }
};
