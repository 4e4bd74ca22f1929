import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { Mosquitto } from '../../test/node/sources/mqtt/mosquitto.ts';
import { namesIn } from '../../test/node/training/checkpoints/newest-in.ts';
import { ServedProcess } from '../served-process.ts';
import { killOften, type Scenario } from './scenario.ts';

/** How long the last messages are waited for, in ms. */
const lastMs = 120_000;

/** Messages at most: each is a class of its own, and a new class takes a learner a while. */
const messagesMax = 300;

/** Messages that are published at once, and the pause after them in ms. */
const burst = { size: 6, pauseMs: 500 };

/** Publishes names that come once each, in bursts, until it is told to stop. */
class Names {
  count = 0;
  readonly #client: MqttClient;
  readonly #qos: 1 | 2;
  #isStopped = false;

  constructor(client: MqttClient, qos: 1 | 2) {
    this.#client = client;
    this.#qos = qos;
  }

  async publish(): Promise<void> {
    while (!this.#isStopped && this.count + burst.size <= messagesMax) {
      await Promise.all(Array.from({ length: burst.size }, () => this.#publishNext()));
      await later(burst.pauseMs);
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #publishNext(): Promise<void> {
    const message = `{"a":${this.count % 7},"target":"n${this.count}"}`;
    this.count += 1;
    await this.#client.publishAsync('names', message, { qos: this.#qos });
  }
}

const topic = (qos: 1 | 2): Scenario => ({
  name: `mqtt qos ${qos}`,
  async run({ cli, folder, kills, random }) {
    const broker = await Mosquitto.start();
    const publisher = await connectAsync(broker.url);
    try {
      // The broker keeps messages from the moment on when it has first seen the session.
      const sleeper = await connectAsync(broker.url, { clientId: 'chaos', clean: false });
      await sleeper.subscribeAsync('names', { qos });
      await sleeper.endAsync();
      const kept = join(folder, 'kept');
      const start = () =>
        new ServedProcess(cli, [
          ...[`${broker.url}/names`, '--task', 'classification', '--learner', 'network'],
          ...['--client-id', 'chaos', '--qos', `${qos}`, '--mqtt-version', '5'],
          ...['--checkpoint', kept, '--checkpoint-every', '3600'],
        ]);
      const names = new Names(publisher, qos);
      const published = names.publish();
      await killOften(start, { kills, random });
      names.stop();
      await published;
      const last = start();
      const startMs = performance.now();
      while (namesIn(kept) < names.count) {
        if (performance.now() - startMs > lastMs) {
          throw new Error(`${names.count - namesIn(kept)} of ${names.count} messages are lost`);
        }
        await later(50);
      }
      await last.kill();
      return { kills, compared: `${names.count} messages, none lost` };
    } finally {
      await publisher.endAsync(true);
      await broker.remove();
    }
  },
});

export const broker: readonly Scenario[] = [topic(1), topic(2)];
