import { EventEmitter } from 'node:events';
import type { IPublishPacket, MqttClient } from 'mqtt';
import { describe, expect, test } from 'vitest';
import { Collector } from '../../../../src/node/sources/mqtt/feed.ts';
import type { Message } from '../../../../src/node/sources/mqtt/intake.ts';

/** A collector with a pretend client, and with deliveries that are settled by hand. */
const collect = (underwayMax = 1) => {
  const written: number[][] = [];
  /** The kinds of the packets: 4 is PUBACK, 5 is PUBREC. */
  const kinds: number[] = [];
  const makeStream = () => ({
    writable: true,
    write: (packets: Buffer) => {
      const ids = Array.from({ length: packets.length / 4 }, (_, k) =>
        packets.readUInt16BE(4 * k + 2),
      );
      written.push(ids);
      for (const k of ids.keys()) kinds.push(packets[4 * k]! >> 4);
    },
  });
  const client = Object.assign(new EventEmitter(), {
    stream: makeStream(),
    handleMessage(_packet: IPublishPacket, done: (error?: Error) => void): void {
      done();
    },
  });
  const deliveries: { texts: string[]; settle(count: number): void }[] = [];
  const deliver = (messages: readonly Message[]): Promise<number> =>
    new Promise((settle) => {
      deliveries.push({
        texts: messages.map(({ payload }) => Buffer.from(payload).toString()),
        settle,
      });
    });
  const collector = new Collector(client as unknown as MqttClient, { deliver, underwayMax });
  /** Takes a message, and says whether the client may continue, and whether it acknowledges itself. */
  const take = (messageId: number, packet: Partial<IPublishPacket> = {}) => {
    const told = { isOver: false, error: undefined as Error | undefined };
    const payload = Buffer.from(`${messageId}`);
    const whole = {
      cmd: 'publish',
      topic: 't',
      payload,
      qos: 1,
      dup: false,
      retain: false,
      messageId,
    } as const;
    const received: IPublishPacket = { ...whole, ...packet };
    client.emit('packetreceive', received);
    client.handleMessage(received, (error) => Object.assign(told, { isOver: true, error }));
    return told;
  };
  const release = (messageId: number): void => {
    client.emit('packetreceive', { cmd: 'pubrel', messageId });
  };
  const reconnect = (sessionPresent = true): void => {
    client.stream = makeStream();
    client.emit('connect', { sessionPresent });
  };
  return { collector, take, release, reconnect, deliveries, written, kinds };
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what one read brings is one batch, acknowledged with one write when it is learned', async () => {
  const { take, deliveries, written } = collect();
  for (const id of [7, 8, 300]) expect(take(id)).toMatchObject({ isOver: true, error: {} });
  expect(take(0, { qos: 0 })).toEqual({ isOver: true, error: undefined });
  await turn();
  expect(deliveries.map(({ texts }) => texts)).toEqual([['7', '8', '300', '0']]);
  expect(written).toEqual([]);
  deliveries[0]!.settle(4);
  await turn();
  expect(written).toEqual([[7, 8, 300]]);
});

test('what was not learned is not acknowledged, and closing waits for what was', async () => {
  const { collector, take, deliveries, written } = collect();
  for (const id of [1, 2, 3]) take(id);
  await turn();
  let isClosed = false;
  const closed = collector.close().then(() => {
    isClosed = true;
  });
  take(4);
  await turn();
  expect(isClosed).toBe(false);
  deliveries[0]!.settle(2);
  await closed;
  expect(written).toEqual([[1, 2]]);
  expect(deliveries).toHaveLength(1);
});

test('a limited number of batches is on its way, and the client is paused when the next one is full', async () => {
  const { take, deliveries } = collect(2);
  for (const id of [1, 2]) {
    take(id);
    await turn();
  }
  for (let id = 3; id < 514; id += 1) expect(take(id).isOver).toBe(true);
  const last = take(514);
  await turn();
  expect(deliveries).toHaveLength(2);
  expect(last.isOver).toBe(false);
  deliveries[0]!.settle(1);
  await turn();
  expect(deliveries[2]!.texts).toHaveLength(512);
  expect(last.isOver).toBe(true);
});

test('a large payload fills a batch too', async () => {
  const { take } = collect();
  expect(take(1, { payload: Buffer.alloc(1 << 20) }).isOver).toBe(false);
});

test('a new connection gets no acknowledgement for messages of the old one', async () => {
  const { take, reconnect, deliveries, written } = collect();
  take(1);
  reconnect();
  take(2);
  await turn();
  deliveries[0]!.settle(2);
  await turn();
  expect(written).toEqual([[2]]);
  take(3);
  await turn();
  reconnect();
  deliveries[1]!.settle(1);
  await turn();
  expect(written).toEqual([[2]]);
});

describe('a message of QoS 2', () => {
  const exact = { qos: 2 } as const;

  test('is acknowledged with PUBREC when it is learned, in one batch with others', async () => {
    const { take, deliveries, written, kinds } = collect();
    for (const id of [1, 2]) expect(take(id, exact)).toMatchObject({ isOver: true, error: {} });
    take(3);
    await turn();
    expect(deliveries.map(({ texts }) => texts)).toEqual([['1', '2', '3']]);
    expect(written).toEqual([]);
    deliveries[0]!.settle(3);
    await turn();
    expect(written).toEqual([[1, 2, 3]]);
    expect(kinds).toEqual([5, 5, 4]);
  });

  test('that was not learned is not acknowledged, and is accepted when it comes again', async () => {
    const { take, deliveries, written } = collect();
    take(1, exact);
    await turn();
    deliveries[0]!.settle(0);
    await turn();
    expect(written).toEqual([]);
    take(1, { ...exact, dup: true });
    await turn();
    expect(deliveries).toHaveLength(2);
  });

  test('that comes again on another connection is not learned twice', async () => {
    const { take, reconnect, deliveries, written } = collect();
    take(1, exact);
    await turn();
    reconnect();
    take(1, { ...exact, dup: true });
    expect(written).toEqual([]);
    deliveries[0]!.settle(1);
    await turn();
    expect(written).toEqual([[1]]);
    reconnect();
    take(1, { ...exact, dup: true });
    await turn();
    expect(written).toEqual([[1], [1]]);
    expect(deliveries).toHaveLength(1);
  });

  test('has a number that is free when the broker has released it, or has lost the session', async () => {
    const { take, release, reconnect, deliveries } = collect();
    take(1, exact);
    await turn();
    deliveries[0]!.settle(1);
    await turn();
    release(1);
    take(1, exact);
    await turn();
    expect(deliveries).toHaveLength(2);
    deliveries[1]!.settle(1);
    await turn();
    reconnect(false);
    take(1, exact);
    await turn();
    expect(deliveries).toHaveLength(3);
  });
});
