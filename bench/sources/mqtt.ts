import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { connect, connectAsync, type IClientOptions } from 'mqtt';
import { lastValueFrom, take, tap } from 'rxjs';
import { fromMqtt } from '../../src/node/sources/mqtt/from-mqtt.ts';
import { hasMosquitto, Mosquitto } from '../../test/node/sources/mqtt/mosquitto.ts';
import { Clock } from './clock.ts';
import { makePipeline, makeRows } from './rows.ts';

const messageCount = 50_000;
const topic = 'rows';

/** Messages a second: `learned` by the whole stream, or `parsed` by a bare subscriber. */
export const mqttRate = async (side: string): Promise<number | undefined> => {
  if (!hasMosquitto()) return undefined;
  const broker = await Mosquitto.start();
  try {
    return await rateOf(broker.url, side === 'learned' ? learn : parse);
  } finally {
    await broker.remove();
  }
};

const run = promisify(execFile);

/**
 * Sends all the messages to the broker. Done by a process of its own, as sensors are: it leaves behind
 * compiled code and garbage, which either side would meet in another way.
 */
export const publishRows = async (url: string): Promise<void> => {
  const publisher = await connectAsync(url);
  const sent = makeRows(messageCount).map(({ x, target }) => {
    const record = { ...Object.fromEntries(x.map((value, i) => [`x${i}`, value])), target };
    return publisher.publishAsync(topic, JSON.stringify(record), { qos: 1 });
  });
  await Promise.all(sent);
  await publisher.endAsync();
};

/** Receives all messages, and calls `counted` for each. */
type Receive = (url: string, clientId: string, counted: () => void) => Promise<void>;

/** The broker has all the messages before they are received, so that sending costs nothing here. */
const rateOf = async (url: string, receive: Receive): Promise<number> => {
  const clientId = `bench-${performance.now()}`;
  const session: IClientOptions = { clientId, clean: false };
  const sleeper = await connectAsync(url, session);
  await sleeper.subscribeAsync(topic, { qos: 1 });
  await sleeper.endAsync();
  await run(process.execPath, [process.argv[1]!, 'publish', url]);
  const clock = new Clock(messageCount);
  await receive(url, clientId, () => clock.count());
  return clock.rate;
};

const parse: Receive = async (url, clientId, counted) => {
  // Listening before it is connected: the broker may send the first with its greeting.
  const client = connect(url, { clientId, clean: false });
  let count = 0;
  let sum = 0;
  await new Promise<void>((resolve) => {
    client.on('message', (_topic, payload) => {
      sum += (JSON.parse(payload.toString()) as { target: number }).target;
      count += 1;
      counted();
      if (count === messageCount) resolve();
    });
  });
  await client.endAsync();
  if (!(sum >= 0)) throw new Error('nothing was parsed');
};

/** As `rivulet learn mqtt://` does it where there are two cores. */
const learn: Receive = async (url, clientId, counted) => {
  const examples = fromMqtt(url, { topics: topic, clientId, thread: true });
  await lastValueFrom(makePipeline().run(examples.pipe(tap(counted), take(messageCount))));
};
