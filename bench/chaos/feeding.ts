import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { ServedProcess } from '../served-process.ts';
import { compareStates, killOften, randomBelow, type Scenario } from './scenario.ts';

/** Rows of the server's own source: it has a model then. */
const ownRows = 40;

/** Samples in one request. */
const batchSize = 16;

const sampleAt = (i: number) => ({
  features: { a: i % 17, b: (i * 7) % 23, kind: `k${i % 5}` },
  target: (i % 17) - (i % 3),
});

/** Sends numbered samples until it has no server, and knows what was acknowledged. */
class Feeding {
  acknowledged = 0;
  readonly #ack: string;

  constructor(ack: 'learned' | 'durable') {
    this.#ack = ack;
  }

  /** Feeds up to a number, or until the server is gone. Throws where it has forgotten an answer. */
  async feed(url: string, to = Number.POSITIVE_INFINITY): Promise<void> {
    while (this.acknowledged < to) {
      const first = this.acknowledged + 1;
      const count = Math.min(batchSize, to - this.acknowledged);
      const answer = await this.#post(url, first, count);
      if (answer === undefined) return;
      const { status, upTo = 0, error } = answer;
      if (status === 200) this.acknowledged = Math.max(this.acknowledged, upTo);
      else if (status === 429 && error?.startsWith('expected number') !== true) await later(50);
      else throw new Error(`samples from ${first} on: ${status} ${error} (upTo ${upTo})`);
    }
  }

  async #post(url: string, first: number, count: number) {
    const body = Array.from({ length: count }, (_, k) => JSON.stringify(sampleAt(first + k)));
    const query = `producer=p&first=${first}&ack=${this.#ack}`;
    try {
      const answer = await fetch(`${url}v1/feed?${query}`, {
        method: 'POST',
        body: body.join('\n'),
      });
      const json = (await answer.json()) as { upTo?: number; error?: string };
      return { status: answer.status, ...json };
    } catch {
      return undefined;
    }
  }
}

const ownFile = (folder: string): string => {
  const path = join(folder, 'own.csv');
  const lines = Array.from(
    { length: ownRows },
    (_, i) => `${i % 17},${i % 23},k${i % 5},${i % 7}\n`,
  );
  writeFileSync(path, `a,b,kind,target\n${lines.join('')}`);
  return path;
};

const fedScenario = (
  name: string,
  { ack, more }: { ack: 'learned' | 'durable'; more: readonly string[] },
): Scenario => ({
  name,
  async run({ cli, folder, kills, random }) {
    const own = [ownFile(folder), '--task', 'regression'];
    const start = (kept: string) =>
      new ServedProcess(cli, [...own, '--checkpoint', join(folder, kept), ...more]);
    const feeding = new Feeding(ack);
    await killOften(
      () => start('kept'),
      { kills, random },
      async (server) => {
        const url = await server.url;
        if (url !== undefined) await feeding.feed(url);
      },
    );
    const last = start('kept');
    const total = feeding.acknowledged + batchSize + randomBelow(random, batchSize);
    await feeding.feed((await last.url)!, total);
    const found = await last.stateAt(ownRows + total);
    await last.kill();
    const reference = start('reference');
    await reference.stateAt(ownRows);
    await new Feeding('learned').feed((await reference.url)!, total);
    compareStates(found, await reference.stateAt(ownRows + total));
    await reference.kill();
    return { kills, compared: `${total} samples, each once: ΣJ, all parameters` };
  },
});

export const feeding: readonly Scenario[] = [
  fedScenario('feed durable', { ack: 'durable', more: ['--checkpoint-every', '3600'] }),
  fedScenario('feed logged', {
    ack: 'learned',
    more: ['--checkpoint-every', '0.5', '--log-fed'],
  }),
];

/** Two processes that are started together on one folder: one serves, the other says why it does not. */
export const together: Scenario = {
  name: 'two processes',
  async run({ cli, folder, kills, random }) {
    const own = [ownFile(folder), '--task', 'regression'];
    const words = [...own, '--checkpoint', join(folder, 'kept'), '--checkpoint-every', '3600'];
    const feeding = new Feeding('durable');
    for (let k = 0; k < kills; k += 1) {
      const both = [new ServedProcess(cli, words), new ServedProcess(cli, words)];
      const urls = await Promise.all(both.map(({ url }) => url));
      const serving = urls.filter((url) => url !== undefined);
      if (serving.length !== 1)
        throw new Error(`${serving.length} of two processes serve one folder`);
      const loser = both[urls.indexOf(undefined)]!;
      const { code, stderr } = await loser.exited;
      if (code !== 2 || stderr.trim().includes('\n')) {
        throw new Error(`the second process ended with code ${code}: ${stderr}`);
      }
      const fed = feeding.feed(serving[0]!);
      await later(randomBelow(random, 1_000));
      await both[urls.indexOf(serving[0])]!.kill();
      await fed;
    }
    const last = new ServedProcess(cli, words);
    const total = feeding.acknowledged + batchSize;
    await feeding.feed((await last.url)!, total);
    await last.stateAt(ownRows + total);
    await last.kill();
    return { kills, compared: `${total} samples, each once; one process at a time` };
  },
};
