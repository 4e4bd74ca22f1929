import { serveTraining } from '../../src/node/command-line/served-training.ts';
import { serve } from '../../src/node/serve.ts';
import type { Row } from '../report.ts';
import { median } from './quantile.ts';
import { startViewers } from './viewers.ts';

const turns = 5;
const turnMs = 2_000;

/** How fast a thread of its own trains while a hundred watch, against nobody watching. */
export const trainingWithViewers = async (): Promise<{ rows: Row[]; ratio: number }> => {
  const { training, shown, model } = serveTraining(['digits'], {
    seed: 1,
    learner: 'seed',
    ahead: 2,
    wait: 5,
    buffer: 1_000,
    whenFull: 'drop-oldest',
    worker: true,
  });
  const subscription = training.snapshots().subscribe();
  const server = await serve({ broadcaster: shown, model }, { port: 0 });
  await sleep(4_000);
  const [alone, watched]: number[][] = [[], []];
  for (let turn = 0; turn < turns; turn += 1) {
    alone!.push(await rate(() => shown.step));
    const viewers = startViewers();
    const order = { op: 'open', url: server.url, count: 100, maxHz: 10, reads: true } as const;
    await viewers.ask({ ...order, topics: ['cost', 'metrics', 'weights'] });
    watched!.push(await rate(() => shown.step));
    viewers.end();
    await sleep(200);
  }
  subscription.unsubscribe();
  await model.stop();
  await server.close();
  const ratio = median(watched!.map((samples, turn) => samples / alone![turn]!));
  return {
    rows: [
      { what: 'samples a second in a thread, nobody watches', value: median(alone!) },
      { what: 'samples a second in a thread, 100 watch at 10 Hz', value: median(watched!) },
    ],
    ratio,
  };
};

const rate = async (step: () => number): Promise<number> => {
  const [before, start] = [step(), performance.now()];
  await sleep(turnMs);
  return ((step() - before) / (performance.now() - start)) * 1000;
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
