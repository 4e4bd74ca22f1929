import { connect, connectAsync, type IClientOptions } from 'mqtt';
import { lastValueFrom, take } from 'rxjs';
import { fromMqtt } from '../../src/node/mqtt/from-mqtt.ts';
import { hasMosquitto, Mosquitto } from '../../test/node/mqtt/mosquitto.ts';
import { makePipeline, makeRows } from './rows.ts';

const messageCount = 20_000;
const topic = 'rows';

/** Messages a second: into the whole stream, and into a bare subscriber that only parses. */
export interface MqttRates {
  readonly learned: number;
  readonly parsed: number;
}

/** The best rates of so many rounds; undefined where there is no broker. */
export const mqttRates = async (rounds: number): Promise<MqttRates | undefined> => {
  if (!hasMosquitto()) return undefined;
  const broker = await Mosquitto.start();
  const best = { learned: 0, parsed: 0 };
  try {
    for (let round = 0; round < rounds; round += 1) {
      best.parsed = Math.max(best.parsed, await rateOf(broker.url, parse));
      best.learned = Math.max(best.learned, await rateOf(broker.url, learn));
    }
  } finally {
    await broker.remove();
  }
  return best;
};

type Receive = (url: string, clientId: string) => Promise<number>;

/** The broker has all the messages before they are received, so that sending costs nothing here. */
const rateOf = async (url: string, receive: Receive): Promise<number> => {
  const clientId = `bench-${performance.now()}`;
  const session: IClientOptions = { clientId, clean: false };
  const sleeper = await connectAsync(url, session);
  await sleeper.subscribeAsync(topic, { qos: 1 });
  await sleeper.endAsync();
  const publisher = await connectAsync(url);
  const sent = makeRows(messageCount).map(({ x, target }) => {
    const record = { ...Object.fromEntries(x.map((value, i) => [`x${i}`, value])), target };
    return publisher.publishAsync(topic, JSON.stringify(record), { qos: 1 });
  });
  await Promise.all(sent);
  await publisher.endAsync();
  return messageCount / (await receive(url, clientId));
};

const parse: Receive = async (url, clientId) => {
  const start = performance.now();
  // Listening before it is connected: the broker may send the first with its greeting.
  const client = connect(url, { clientId, clean: false });
  let count = 0;
  let sum = 0;
  await new Promise<void>((resolve) => {
    client.on('message', (_topic, payload) => {
      sum += (JSON.parse(payload.toString()) as { target: number }).target;
      count += 1;
      if (count === messageCount) resolve();
    });
  });
  const seconds = (performance.now() - start) / 1000;
  await client.endAsync();
  return sum >= 0 ? seconds : Number.NaN;
};

const learn: Receive = async (url, clientId) => {
  const start = performance.now();
  const pipeline = makePipeline();
  const examples = fromMqtt(url, { topics: topic, clientId }).pipe(take(messageCount));
  await lastValueFrom(pipeline.run(examples));
  return (performance.now() - start) / 1000;
};
