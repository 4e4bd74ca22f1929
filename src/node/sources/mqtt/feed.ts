import type { MqttClient } from 'mqtt';
import type { ConnectionEventSink } from '../../../sources/connection-event.ts';
import type { Example } from '../../../sources/example.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { shownAddress } from './address.ts';
import { type BrokerOptions, openBroker } from './broker.ts';
import { Collector } from './collector.ts';
import { Intake, type IntakeOptions, type IntakeSinks } from './intake.ts';

/** What is subscribed to, and how. All of it can be told to another thread. */
export interface FeedOptions extends Omit<BrokerOptions, 'events'>, IntakeOptions {
  readonly filters: readonly string[];
  readonly qos: 0 | 1 | 2;
  readonly joinMs: number;
}

/** Who takes what a feed brings. */
export interface FeedHandlers extends IntakeSinks {
  /**
   * Takes what became of a batch, a place for each message, and says of how many places, from the
   * first on, it has been learned from.
   */
  readonly deliver: (examples: Iterable<Example | undefined>) => Promise<number>;
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
  options: FeedOptions,
  { underwayMax = 1, ...handlers }: FeedHandlers & { readonly underwayMax?: number },
): Feed => {
  const { events, failed } = handlers;
  const intake = new Intake(options, handlers);
  // The client and the timer call this: an error here would be an uncaught one, and ends the stream.
  const deliver = async (read: () => readonly (Example | undefined)[]): Promise<number> => {
    try {
      const examples = read();
      return examples.length > 0 ? await handlers.deliver(examples) : 0;
    } catch (error) {
      failed(error);
      return 0;
    }
  };
  const message = `connected to ${shownAddress(url)}`;
  const announce = (): void => events.next({ kind: 'connected', message });
  let isSubscribed = false;
  const connected = (): void => {
    // Once it was granted, the library subscribes again by itself.
    if (isSubscribed) {
      announce();
      return;
    }
    subscribe(client, options).then(
      () => {
        isSubscribed = true;
        announce();
      },
      (error: unknown) => {
        // A connection that is lost before the answer is made again, and so is the subscription.
        if (error instanceof SourceError || client.connected) failed(error);
      },
    );
  };
  const broker = openBroker(url, { ...options, events }, { connected, failed });
  const { client } = broker;
  const collector = new Collector(client, {
    deliver: (messages) => deliver(() => messages.map((message) => intake.read(message))),
    underwayMax,
  });
  const timer = setInterval(() => void deliver(() => intake.joined()), options.joinMs);
  return {
    async close() {
      clearInterval(timer);
      broker.retire();
      await collector.close();
      await broker.close();
    },
  };
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
