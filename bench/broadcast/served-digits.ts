import { cpus } from 'node:os';
import type { Broadcaster } from '../../src/broadcast/broadcaster.ts';
import { serveTraining } from '../../src/node/command-line/served-training.ts';
import { serve } from '../../src/node/serve.ts';
import { median } from './quantile.ts';
import { startViewers, type Viewers, type ViewersOrder } from './viewers.ts';

/** Who joins a training, and how they behave. */
export type Crowd = Omit<Extract<ViewersOrder, { op: 'open' }>, 'op' | 'url'>;

/** How fast a training goes by itself, and with a crowd, in samples a second. */
export interface Company {
  readonly alone: number;
  readonly watched: number;
  /** The median of the ratios of neighbouring turns. */
  readonly ratio: number;
  /** How many turns counted, and how much of a processor others took in them at most. */
  readonly turns: number;
  readonly others: number;
}

interface Turn {
  readonly rate: number;
  /** How much of a processor was taken by what is no part of this. */
  readonly others: number;
}

/** Turns go on until so many were quiet, or there were so many. */
const quietTurns = 5;
const turnsMax = 8;
const turnMs = 1_500;

/** Others took less than this of a processor. */
const quiet = 0.1;

/** A new process compiles its code first, and one that ends is cleaned up after. */
const settleMs = 700;

/**
 * How fast a thread of its own trains with a crowd, against nobody watching, in turns. With the
 * serving thread and the crowd two processors are in use: whatever else runs then would count as
 * theirs. So the quietest turns are what counts.
 */
export const digitsWith = async (crowd: Crowd): Promise<Company> => {
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
  const turns: { alone: Turn; watched: Turn; others: number }[] = [];
  const quietOnes = () => turns.filter(({ others }) => others < quiet);
  while (turns.length < turnsMax && quietOnes().length < quietTurns) {
    const alone = await take(shown);
    const viewers = startViewers();
    await viewers.ask({ op: 'open', url: server.url, ...crowd });
    await sleep(settleMs);
    const watched = await take(shown, viewers);
    viewers.end();
    await sleep(settleMs);
    turns.push({ alone, watched, others: Math.max(alone.others, watched.others) });
  }
  subscription.unsubscribe();
  await model.stop();
  await server.close();
  const best = turns.sort((one, other) => one.others - other.others).slice(0, quietTurns);
  return {
    alone: median(best.map(({ alone }) => alone.rate)),
    watched: median(best.map(({ watched }) => watched.rate)),
    ratio: median(best.map(({ alone, watched }) => watched.rate / alone.rate)),
    turns: best.length,
    others: best.at(-1)!.others,
  };
};

const take = async (shown: Broadcaster, viewers?: Viewers): Promise<Turn> => {
  const [step, busy, own, start] = [shown.step, busyMs(), await ownMs(viewers), performance.now()];
  await sleep(turnMs);
  const ms = performance.now() - start;
  const rate = ((shown.step - step) / ms) * 1000;
  return { rate, others: (busyMs() - busy - (await ownMs(viewers)) + own) / ms };
};

const busyMs = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);

const ownMs = async (viewers: Viewers | undefined): Promise<number> => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + ((await viewers?.ask({ op: 'count' }))?.cpuMs ?? 0);
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
