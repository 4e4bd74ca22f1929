import type { MqttClient } from 'mqtt';
import type { ConnectionEventSink } from '../../sources/connection-event.ts';
import { SourceError } from '../../sources/source-error.ts';
import { type BrokerOptions, openBroker } from './broker.ts';
import { Collector, type Deliver } from './collector.ts';

/** What is subscribed to, and how. Without its events it can be told to another thread. */
export interface FeedOptions extends BrokerOptions {
  readonly filters: readonly string[];
  readonly qos: 0 | 1 | 2;
}

/** Who takes what a feed brings. */
export interface FeedHandlers {
  readonly deliver: Deliver;
  readonly events: ConnectionEventSink;
  /** It is over for good. */
  readonly failed: (error: unknown) => void;
}

/** A subscription to topics. */
export interface Feed {
  /** Ends it, when what has been learned is acknowledged. */
  close(): Promise<void>;
}

/** Subscribes to topics, in this thread. `underwayMax`: see {@link Collector}. */
export const openFeed = (
  url: string,
  { filters, qos, ...options }: FeedOptions,
  { deliver, events, failed, underwayMax = 1 }: FeedHandlers & { readonly underwayMax?: number },
): Feed => {
  const announce = (): void => events.next({ kind: 'connected', message: `connected to ${url}` });
  const { client, close } = openBroker(
    url,
    { ...options, events },
    {
      connected(isFirst) {
        // Later the library subscribes again by itself.
        if (!isFirst) announce();
        else subscribe(client, { filters, qos }).then(announce, failed);
      },
      failed,
    },
  );
  const collector = new Collector(client, { deliver, underwayMax });
  client.handleMessage = (packet, done) => collector.take(packet, done);
  return { close: () => collector.close().then(close) };
};

const subscribe = async (
  client: MqttClient,
  { filters, qos }: Pick<FeedOptions, 'filters' | 'qos'>,
): Promise<void> => {
  const granted = await client.subscribeAsync([...filters], { qos });
  const refused = granted.find((grant) => grant.qos >= 128);
  if (refused === undefined) return;
  throw new SourceError(`the broker does not let us subscribe to ${refused.topic}`);
};
