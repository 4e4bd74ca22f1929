import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import type { Broadcaster } from '../../src/broadcast/broadcaster.ts';
import { classificationMetrics } from '../../src/evaluate/standard-metrics.ts';
import { seedNetwork } from '../../src/learn/single-network.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { type ModelServer, serve } from '../../src/node/server/serve.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { digitExamples } from '../../src/sources/digits.ts';

/** A folder with the page and the lesson, built from the sources as they are now. */
export interface BuiltPage extends AsyncDisposable {
  readonly folder: string;
}

/** Builds both into a folder of its own, so that no older build is tested. */
export const buildPage = async (): Promise<BuiltPage> => {
  const folder = await mkdtemp(join(tmpdir(), 'rivulet-page-'));
  const clients = resolve(import.meta.dirname, '../../clients');
  for (const [client, outDir] of [
    ['dashboard', folder],
    ['lesson', join(folder, 'lesson')],
  ] as const) {
    const root = join(clients, client);
    await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
};

/** A server whose model learns. */
export interface LearningServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly model: Broadcaster;
}

/** Serves the page and a network that learns digits, at a rate per second. */
export const learningServer = async ({
  page,
  port = 0,
  rate = 800,
}: {
  page: string;
  port?: number;
  rate?: number;
}): Promise<LearningServer> => {
  const model = broadcaster({ name: 'digits' });
  const pipeline = new Pipeline({
    task: 'classification',
    learner: seedNetwork({ task: 'classification', inputCount: 64, outputCount: 10 }),
    metrics: classificationMetrics(),
    audience: model,
  });
  const server: ModelServer = await serve(model, { port, page });
  const learning = pipeline.run(digitExamples({ rate })).subscribe();
  const stop = async (): Promise<void> => {
    learning.unsubscribe();
    await server.close();
  };
  return { url: server.url, port: server.port, model, [Symbol.asyncDispose]: stop };
};
