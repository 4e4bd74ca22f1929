import type { IPublishPacket, MqttClient } from 'mqtt';
import type { Message } from './message.ts';

/** Options of a {@link Collector}. */
export interface CollectorOptions {
  /** Takes messages, and says how many of them, from the first on, have been learned from. */
  readonly deliver: (messages: readonly Message[]) => Promise<number>;
  /** How many batches may be on their way at once; meanwhile the next one grows. */
  readonly underwayMax: number;
}

/** A batch that is so large is the last that is taken until there is room again. */
const messagesMax = 512;
const bytesMax = 1 << 20;

/** Tells the library to go on without an acknowledgement: that is sent when it is learned. */
const unacknowledged = new Error('not learned yet');

/** What the library is to be told when it may go on. */
type Done = (error?: Error) => void;

/**
 * Gathers what a client receives into batches, and acknowledges a batch when it has been learned
 * from. The library would let one message in after another has been acknowledged, and write each
 * acknowledgement by itself: a call of the system a message, and each wakes the broker.
 */
export class Collector {
  readonly #client: MqttClient;
  readonly #options: CollectorOptions;
  #open: Batch;
  #underway = 0;
  #isClosing = false;
  #isScheduled = false;
  #resume: (() => void) | undefined;
  #settled: (() => void) | undefined;

  constructor(client: MqttClient, options: CollectorOptions) {
    this.#client = client;
    this.#options = options;
    this.#open = new Batch(client);
  }

  /** Takes a message, and says when the next may come. */
  take(packet: IPublishPacket, done: Done): void {
    if (this.#isClosing) {
      done(unacknowledged);
      return;
    }
    const batch = this.#open;
    batch.add(packet);
    this.#schedule();
    // Exactly once is a talk of four packets, which the library keeps account of.
    if (packet.qos === 2) batch.finish = done;
    else if (batch.isFull) this.#resume = () => done(unacknowledged);
    else done(packet.qos === 1 ? unacknowledged : undefined);
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
    this.#open = new Batch(this.#client);
    this.#underway += 1;
    void deliver(batch.messages).then((count) => {
      this.#underway -= 1;
      batch.acknowledge(count);
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
}

/** Messages that are learned together. */
class Batch {
  readonly messages: Message[] = [];
  /** Ends the exchange of a message that must come exactly once. It is the last of its batch. */
  finish: Done | undefined;
  readonly #client: MqttClient;
  /** Packet identifiers in the order of the messages; 0 where none is to be acknowledged. */
  readonly #ids: number[] = [];
  #stream: MqttClient['stream'];
  #bytes = 0;

  constructor(client: MqttClient) {
    this.#client = client;
    this.#stream = client.stream;
  }

  get isFull(): boolean {
    return this.messages.length >= messagesMax || this.#bytes >= bytesMax;
  }

  add({ topic, payload, dup, retain, qos, messageId = 0 }: IPublishPacket): void {
    this.#followStream();
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    this.messages.push({ topic, payload: bytes, dup, retain });
    this.#ids.push(qos === 1 ? messageId : 0);
    this.#bytes += bytes.length;
  }

  /** Acknowledges the first so many messages. */
  acknowledge(count: number): void {
    this.#followStream();
    const ids = this.#ids.slice(0, count).filter((id) => id !== 0);
    if (ids.length > 0 && this.#stream.writable) this.#stream.write(pubacks(ids));
    this.finish?.(count === this.messages.length ? undefined : unacknowledged);
  }

  /** On a new connection the broker sends anew what was not acknowledged on the old one. */
  #followStream(): void {
    if (this.#stream === this.#client.stream) return;
    this.#stream = this.#client.stream;
    this.#ids.fill(0);
  }
}

/** PUBACK packets, of MQTT 3.1.1 (section 3.4) and of 5 (where success need not be said). */
const pubacks = (ids: readonly number[]): Buffer => {
  const packets = Buffer.allocUnsafe(4 * ids.length);
  for (const [k, id] of ids.entries()) packets.writeUInt32BE(0x4002_0000 + id, 4 * k);
  return packets;
};
