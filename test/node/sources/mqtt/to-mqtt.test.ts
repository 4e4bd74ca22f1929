import { connect, connectAsync, type IClientOptions } from 'mqtt';
import { from, lastValueFrom, Subject } from 'rxjs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Network } from '../../../../src/learn/network.ts';
import { type MqttAudience, toMqtt } from '../../../../src/node/sources/mqtt/to-mqtt.ts';
import { Pipeline } from '../../../../src/pipeline.ts';
import type { Snapshot } from '../../../../src/snapshot/snapshot.ts';
import type { ConnectionEvent } from '../../../../src/sources/connection-event.ts';
import type { Example } from '../../../../src/sources/example.ts';
import { SourceError } from '../../../../src/sources/source-error.ts';
import { hasMosquitto, Mosquitto } from './mosquitto.ts';

const snapshotAt = (step: number): Snapshot => {
  const cost = { count: step, sum: 1, sumSquares: 1, mean: 0.5, nonFinite: 0 };
  const windowed = { count: step, mean: 0.5, min: 0, max: 1 };
  return {
    ...{ step, cost: { ...cost, windowed }, metrics: { accuracy: 1 }, baseline: {} },
    ...{ rejected: 0, predictions: [], tensors: [] },
  };
};

/** What a topic says, from what it keeps on; the newest last. */
const listen = async (
  url: string,
  topic: string,
  options: IClientOptions = {},
): Promise<Record<string, unknown>[]> => {
  const client = connect(url, options);
  const heard: Record<string, unknown>[] = [];
  client.on('message', (_topic, payload) => heard.push(JSON.parse(payload.toString())));
  await client.subscribeAsync(topic, { qos: 1 });
  onTestFinished(() => client.endAsync());
  return heard;
};

const collector = () => {
  const told: ConnectionEvent[] = [];
  return { told, events: { next: (event: ConnectionEvent) => told.push(event) } };
};

const closing = (audience: MqttAudience): MqttAudience => {
  onTestFinished(() => audience.close().catch(() => {}));
  return audience;
};

test('misuse is refused', () => {
  const make = (url: string, options: object) => () => toMqtt(url, options);
  expect(make('mqtt://127.0.0.1', { prefix: 'a/#' })).toThrow(RangeError);
  expect(make('mqtt://127.0.0.1', { everyMs: -1 })).toThrow('everyMs must be above 0');
  expect(make('mqtt://127.0.0.1', { protocolVersion: 7 })).toThrow('must be 4 or 5, not 7');
  expect(make('notaurl', {})).toThrow(SourceError);
  expect(make('mqtt://joe:secret@127.0.0.1', {})).toThrow(/^a password does not belong/);
});

test('an absent broker is given up after `waitMs`, which is reported', async () => {
  const { told, events } = collector();
  const url = 'mqtt://127.0.0.1:1';
  const audience = closing(toMqtt(url, { waitMs: 200, events }));
  await expect.poll(() => told.map(({ kind }) => kind)).toEqual(['waiting', 'failed']);
  expect(told[1]!.message).toMatch(/^no broker at mqtt:\/\/127.0.0.1:1 in 0.2 s: .*ECONNREFUSED/);
  // It is over: nothing of it is kept, and nothing ends the pipeline.
  audience.publish(snapshotAt(1));
  audience.event({ kind: 'drift', step: 1, message: 'changed' });
  await audience.close();
});

describe.skipIf(!hasMosquitto())('a pipeline is heard on the other side of a broker', () => {
  let broker: Mosquitto;
  beforeAll(async () => {
    broker = await Mosquitto.start();
  });
  afterAll(() => broker.remove());

  test('its events, and its state, which stays', async () => {
    const heard = await listen(broker.url, 'out/events');
    const audience = closing(toMqtt(broker.url, { prefix: 'out', everyMs: 1 }));
    const drift = { kind: 'drift', step: 7, message: 'the cost has changed' } as const;
    const overload = { kind: 'overload', step: 9, message: 'too fast', detail: { dropped: 3 } };
    audience.event(drift);
    audience.event(overload as Parameters<MqttAudience['event']>[0]);
    await expect.poll(() => heard).toEqual([drift, overload]);
    audience.publish(snapshotAt(2));
    await audience.close();
    const state = await listen(broker.url, 'out/cost');
    await expect.poll(() => state).toMatchObject([{ step: 2, mean: 0.5 }]);
  });

  test('the latest state is said at the end of each interval', async () => {
    const audience = closing(toMqtt(broker.url, { prefix: 'trail', everyMs: 100 }));
    const learner = new Network({ sizes: [1, 1], engine: 'reference' });
    const pipeline = new Pipeline({ task: 'regression', learner, audience });
    const examples = new Subject<Example>();
    const running = pipeline.run(examples).subscribe();
    onTestFinished(() => running.unsubscribe());
    const heard = await listen(broker.url, 'trail/+');
    const push = setInterval(() => {
      for (let k = 0; k < 20; k += 1) examples.next({ features: { x: k }, target: k });
      if (pipeline.step === 200) clearInterval(push);
    }, 19);
    await expect.poll(() => heard.at(-2), { timeout: 3_000 }).toMatchObject({ step: 200 });
    const kept = await listen(broker.url, 'trail/cost');
    await expect.poll(() => kept).toMatchObject([{ step: 200 }]);
  });

  test('the latest state is said when it is closed', async () => {
    const { told, events } = collector();
    const audience = closing(toMqtt(broker.url, { prefix: 'end', everyMs: 60_000, events }));
    await expect
      .poll(() => told)
      .toEqual([{ kind: 'connected', message: `connected to ${broker.url}` }]);
    for (let step = 1; step <= 5; step += 1) audience.publish(snapshotAt(step));
    await audience.close();
    audience.publish(snapshotAt(6));
    const kept = await listen(broker.url, 'end/cost');
    await expect.poll(() => kept).toMatchObject([{ step: 5 }]);
  });

  test('a drift is published as it happens', async () => {
    const heard = await listen(broker.url, 'drifting/events');
    const audience = closing(toMqtt(broker.url, { prefix: 'drifting' }));
    const learner = new Network({ sizes: [1, 1], engine: 'reference' });
    const pipeline = new Pipeline({ task: 'regression', learner, audience });
    const examples = Array.from({ length: 4_000 }, (_, k) => {
      const x = (k % 10) / 10;
      return { features: { x }, target: k < 3_000 ? x : 50 - x };
    });
    await lastValueFrom(pipeline.run(from(examples)));
    await expect
      .poll(() => heard[0])
      .toMatchObject({
        kind: 'drift',
        message: expect.stringContaining('the stream has changed'),
        detail: expect.any(Object),
      });
  });
});

describe.skipIf(!hasMosquitto())('a broker', () => {
  test('that comes late is still waited for, and receives all events of the meantime', async () => {
    const broker = await Mosquitto.start();
    onTestFinished(() => broker.remove());
    const session = { clientId: 'ear', clean: false };
    const sleeper = await connectAsync(broker.url, session);
    await sleeper.subscribeAsync('rivulet/events', { qos: 1 });
    await sleeper.endAsync();
    await broker.stop();
    const { told, events } = collector();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const audience = closing(toMqtt(broker.url, { events }));
    vi.advanceTimersByTime(3_600_000);
    vi.useRealTimers();
    const drift = { kind: 'drift', step: 1, message: 'changed' } as const;
    audience.event(drift);
    audience.publish(snapshotAt(3));
    await expect.poll(() => told.map(({ kind }) => kind)).toEqual(['waiting']);
    await broker.start();
    await expect.poll(() => told.map(({ kind }) => kind)).toEqual(['waiting', 'connected']);
    await audience.close();
    const kept = await listen(broker.url, 'rivulet/metrics');
    await expect.poll(() => kept).toEqual([{ step: 3, accuracy: 1 }]);
    const heard = await listen(broker.url, 'rivulet/events', session);
    await expect.poll(() => heard).toEqual([drift]);
  });

  test('that was lost is reported once, and receives the latest state when it is back', async () => {
    const broker = await Mosquitto.start();
    onTestFinished(() => broker.remove());
    const { told, events } = collector();
    const kinds = () => told.map(({ kind }) => kind);
    const audience = closing(toMqtt(broker.url, { events, everyMs: 1 }));
    await expect.poll(kinds).toEqual(['connected']);
    await broker.stop();
    await expect.poll(kinds).toEqual(['connected', 'lost']);
    for (const step of [1, 2]) audience.publish(snapshotAt(step));
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await broker.start();
    await expect.poll(kinds).toEqual(['connected', 'lost', 'connected']);
    const kept = await listen(broker.url, 'rivulet/cost');
    await expect.poll(() => kept).toMatchObject([{ step: 2 }]);
  });

  test('that refuses the client is reported to `events`, or by the end', async () => {
    const broker = await Mosquitto.start(
      `allow_anonymous false\npassword_file ${Mosquitto.file('passwords', '')}`,
    );
    onTestFinished(() => broker.remove());
    const refused = /^mqtt:\/\/127.0.0.1:\d+: .*Not authorized \(see MQTT_USERNAME and MQTT_PASS/;
    const { told, events } = collector();
    const heard = closing(toMqtt(broker.url, { events }));
    await expect
      .poll(() => told)
      .toMatchObject([{ kind: 'failed', message: expect.stringMatching(refused) }]);
    await heard.close();
    const unheard = closing(toMqtt(broker.url));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const error = await unheard.close().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SourceError);
    expect((error as Error).message).toMatch(refused);
  });
});
