import type { IPublishPacket, MqttClient, Packet } from 'mqtt';
import type { ConnectionEventSink } from '../../../sources/connection-event.ts';
import type { Example } from '../../../sources/example.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { shownAddress } from './address.ts';
import { type BrokerOptions, openBroker } from './broker.ts';
import { Intake, type IntakeOptions, type IntakeSinks, type Message } from './intake.ts';

/** Options of a {@link Collector}. */
interface CollectorOptions {
  /** Takes messages, and says how many of them, from the first on, have been learned from. */
  readonly deliver: (messages: readonly Message[]) => Promise<number>;
  /** How many batches may be on their way at once; meanwhile the next one grows. */
  readonly underwayMax: number;
}

/** The size of a batch from which no further message is read until the batch is consumed. */
const messagesMax = 512;
const bytesMax = 1 << 20;

/** Tells the library to continue without an acknowledgement, which is sent when the sample is learned. */
const unacknowledged = new Error('not learned yet');

/** The callback that lets the library continue. */
type Done = (error?: Error) => void;

/**
 * Gathers what a client receives into batches, and acknowledges a batch when it has been learned
 * from: QoS 1 with PUBACK, QoS 2 with PUBREC. The library would take one message after another, write
 * each acknowledgement by itself (a system call per message), and send PUBREC before the message has
 * been delivered: the broker then forgets a message that exists only in the memory of this process.
 */
export class Collector {
  readonly #client: MqttClient;
  readonly #options: CollectorOptions;
  /** Messages of QoS 2 that the broker has not released: it may send them again. */
  readonly #unreleased = new Map<number, ExactMessage>();
  #open: Batch;
  #underway = 0;
  #isClosing = false;
  #isScheduled = false;
  #resume: (() => void) | undefined;
  #settled: (() => void) | undefined;

  constructor(client: MqttClient, options: CollectorOptions) {
    this.#client = client;
    this.#options = options;
    this.#open = new Batch();
    client.handleMessage = (packet, done) => this.#take(packet, done);
    client.on('packetreceive', (packet) => this.#intercept(packet));
    client.on('connect', ({ sessionPresent }) => {
      // Without its session the broker numbers messages anew.
      if (!sessionPresent) this.#unreleased.clear();
    });
  }

  /** Settles when what is on its way is acknowledged; what comes later is not taken. */
  close(): Promise<void> {
    this.#isClosing = true;
    this.#goOn();
    return new Promise((resolve) => {
      if (this.#underway === 0) resolve();
      else this.#settled = resolve;
    });
  }

  /**
   * The library answers PUBLISH of QoS 2 with PUBREC before anybody has seen it. As QoS 1 the message
   * comes to `handleMessage` at once, and the acknowledgement is ours. PUBREL of a message that the
   * library does not store is answered with PUBCOMP.
   */
  #intercept(packet: Packet): void {
    if (packet.cmd === 'pubrel') this.#unreleased.delete(packet.messageId!);
    if (packet.cmd !== 'publish' || packet.qos !== 2) return;
    exactPackets.add(packet);
    packet.qos = 1;
  }

  /** Takes a message, and says when the next may come. */
  #take(packet: IPublishPacket, done: Done): void {
    const isExact = exactPackets.has(packet);
    if (this.#isClosing || (isExact && this.#isRepeated(packet.messageId!))) {
      done(unacknowledged);
      return;
    }
    const batch = this.#open;
    batch.add(packet, this.#acknowledgement(packet, isExact));
    this.#schedule();
    if (batch.isFull) this.#resume = () => done(unacknowledged);
    else done(packet.qos === 1 ? unacknowledged : undefined);
  }

  #acknowledgement({ qos, messageId = 0 }: IPublishPacket, isExact: boolean): Acknowledgement {
    if (qos === 0) return nothingToSay;
    const { stream } = this.#client;
    if (!isExact) return { packet: puback + messageId, stream };
    const exact: ExactMessage = { packet: pubrec + messageId, stream, isLearned: false };
    this.#unreleased.set(messageId, exact);
    return exact;
  }

  /** Whether a message of QoS 2 came before; it is acknowledged again when it has been learned. */
  #isRepeated(messageId: number): boolean {
    const exact = this.#unreleased.get(messageId);
    if (exact === undefined) return false;
    exact.stream = this.#client.stream;
    if (exact.isLearned) this.#write([exact.packet]);
    return true;
  }

  /** What came with one read of the socket goes in one batch. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#send();
    });
  }

  #send(): void {
    const batch = this.#open;
    const { deliver, underwayMax } = this.#options;
    if (this.#isClosing || batch.messages.length === 0 || this.#underway >= underwayMax) return;
    this.#open = new Batch();
    this.#underway += 1;
    void deliver(batch.messages).then((count) => {
      this.#underway -= 1;
      this.#acknowledge(batch.acknowledgements, count);
      if (this.#underway === 0) this.#settled?.();
      this.#send();
    });
    this.#goOn();
  }

  #goOn(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  /**
   * Acknowledges the first `count`. On a new connection the broker sends again what was not acknowledged
   * on the old one, so messages of another connection are ignored.
   */
  #acknowledge(acknowledgements: readonly Acknowledgement[], count: number): void {
    const { stream } = this.#client;
    const due: number[] = [];
    for (const [k, acknowledgement] of acknowledgements.entries()) {
      if (k < count) {
        if ('isLearned' in acknowledgement) acknowledgement.isLearned = true;
        if (acknowledgement.stream === stream) due.push(acknowledgement.packet);
      } else if ('isLearned' in acknowledgement) {
        this.#unreleased.delete(acknowledgement.packet & 0xffff);
      }
    }
    this.#write(due);
  }

  #write(packets: readonly number[]): void {
    const { stream } = this.#client;
    if (packets.length === 0 || !stream.writable) return;
    const bytes = Buffer.allocUnsafe(4 * packets.length);
    for (const [k, packet] of packets.entries()) bytes.writeUInt32BE(packet, 4 * k);
    stream.write(bytes);
  }
}

/** Packets that came with QoS 2. */
const exactPackets = new WeakSet<object>();

/** PUBACK and PUBREC without their identifier, of MQTT 3.1.1 and of 5 (where success may be left out). */
const puback = 0x4002_0000;
const pubrec = 0x5002_0000;

/** How a message is acknowledged. */
interface Acknowledgement {
  /** The four bytes of the packet. */
  readonly packet: number;
  /** The connection on which the message came last; undefined where there is nothing to say. */
  readonly stream: MqttClient['stream'] | undefined;
}

/** A message of QoS 2 that the broker has not released. */
interface ExactMessage extends Acknowledgement {
  stream: MqttClient['stream'];
  isLearned: boolean;
}

const nothingToSay: Acknowledgement = { packet: 0, stream: undefined };

/** Messages that are learned together. */
class Batch {
  readonly messages: Message[] = [];
  /** In the order of the messages. */
  readonly acknowledgements: Acknowledgement[] = [];
  #bytes = 0;

  get isFull(): boolean {
    return this.messages.length >= messagesMax || this.#bytes >= bytesMax;
  }

  add({ topic, payload, dup, retain }: IPublishPacket, acknowledgement: Acknowledgement): void {
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    this.messages.push({ topic, payload: bytes, dup, retain });
    this.acknowledgements.push(acknowledgement);
    this.#bytes += bytes.length;
  }
}

/** What is subscribed to, and how. All of it can be sent to another thread. */
export interface MqttFeedOptions extends Omit<BrokerOptions, 'events'>, IntakeOptions {
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
export interface MqttFeed {
  /** Ends it, when what has been learned is acknowledged. */
  close(): Promise<void>;
}

/** Subscribes to topics, in this thread. `underwayMax`: see {@link Collector}. */
export const openFeed = (
  url: string,
  options: MqttFeedOptions,
  { underwayMax = 1, ...handlers }: FeedHandlers & { readonly underwayMax?: number },
): MqttFeed => {
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
  { filters, qos }: Pick<MqttFeedOptions, 'filters' | 'qos'>,
): Promise<void> => {
  const granted = await client.subscribeAsync([...filters], { qos });
  const refused = granted.find((grant) => grant.qos >= 128);
  if (refused === undefined) return;
  throw new SourceError(`the broker does not let us subscribe to ${refused.topic}`);
};
