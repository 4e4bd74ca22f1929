import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltCli } from './built-cli.ts';
import type { Bench, Row } from './report.ts';
import { ServedProcess } from './served-process.ts';

/** Samples in one request, and requests to each server. */
const [sampleCount, rounds] = [6_000, 9];

/** Rows of the servers' own source: they have a model then. */
const ownRows = 40;

const modes = [
  { name: 'without a log', words: [] },
  { name: '--log-fed', words: ['--log-fed'] },
  { name: '--log-fed=sync', words: ['--log-fed=sync'] },
];

const body = Array.from({ length: sampleCount }, (_, i) =>
  JSON.stringify({
    features: { a: i % 17, b: Math.sin(i), c: (i * 7) % 23, kind: `k${i % 5}` },
    target: (i % 17) - (i % 3),
  }),
).join('\n');

/** Milliseconds until all samples are answered as learned. */
const feed = async (url: string): Promise<number> => {
  const startMs = performance.now();
  const answer = await fetch(`${url}v1/feed`, { method: 'POST', body });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
  return performance.now() - startMs;
};

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1]!;

/** Speeds of servers that are fed the same by turns; each against the first in the same turn. */
const measure = async (cli: BuiltCli, folder: string, where: string) => {
  const own = join(folder, 'own.csv');
  const rows = Array.from(
    { length: ownRows },
    (_, i) => `${i % 17},${i % 23},k${i % 5},${i % 7}\n`,
  );
  writeFileSync(own, `a,c,kind,target\n${rows.join('')}`);
  const servers = modes.map(({ words }, k) => {
    const kept = ['--checkpoint', join(folder, `${k}${where}`), '--checkpoint-every', '3600'];
    return new ServedProcess(cli, [own, '--task', 'regression', where, ...kept, ...words]);
  });
  for (const server of servers) await server.stateAt(ownRows);
  const urls = await Promise.all(servers.map(async ({ url }) => (await url)!));
  // The first time code is compiled, and the first batch of a log asks for a checkpoint.
  for (const url of urls) await feed(url);
  const times = modes.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [k, url] of urls.entries()) times[k]!.push(await feed(url));
  }
  await Promise.all(servers.map((server) => server.kill()));
  return modes.map(({ name }, k) => ({
    name,
    perSecond: (1_000 * sampleCount) / median(times[k]!),
    ratio: median(times[k]!.map((ms, round) => times[0]![round]! / ms)),
  }));
};

/** `npm run bench -- feedlog` */
export const feedlog: Bench = {
  name: 'feedlog',
  about: 'samples a second that a server is fed over HTTP, with and without a log of them',
  async run() {
    using cli = await BuiltCli.build();
    const folder = mkdtempSync(join(tmpdir(), 'rivulet-feedlog-'));
    const rows: Row[] = [];
    const ratios: number[] = [];
    for (const where of ['--worker', '--no-worker']) {
      for (const { name, perSecond, ratio } of await measure(cli, folder, where)) {
        rows.push({ server: `${where} ${name}`, 'samples/s': perSecond, ratio });
        if (name === '--log-fed') ratios.push(ratio);
      }
    }
    rmSync(folder, { recursive: true, force: true });
    const name = 'speed with --log-fed, against none, the slower of worker and no worker';
    return { rows, figures: [{ name, value: Math.min(...ratios), atLeast: 0.8 }] };
  },
};
