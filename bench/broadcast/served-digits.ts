import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Broadcaster } from '../../src/broadcast/broadcaster.ts';
import { broadcaster } from '../../src/node/broadcaster.ts';
import { serve } from '../../src/node/serve.ts';
import { startModule } from '../../src/node/start-thread.ts';
import type { WorkerSettings } from '../../src/node/worker/messages.ts';
import { RemoteTraining } from '../../src/node/worker/remote-training.ts';
import { type Going, Pace } from './pace.ts';
import { median } from './quantile.ts';
import { startViewers, type Viewers, type ViewersOrder } from './viewers.ts';

/** Who joins a training, and how they behave. */
export type Crowd = Omit<Extract<ViewersOrder, { op: 'open' }>, 'op' | 'url'>;

/** How fast a training goes by itself, and with a crowd, in samples a second. */
export interface Company {
  readonly alone: number;
  readonly watched: number;
  /** The median of the ratios of a turn with the crowd to those before and after it, by the gauge. */
  readonly ratio: number;
  /** How many turns counted, and how much of a processor others took in them at most. */
  readonly turns: number;
  readonly others: number;
}

interface Turn extends Going {
  /** How much of a processor was taken by what is no part of this. */
  readonly others: number;
}

/** A turn with the crowd between two without. */
interface Comparison {
  readonly alone: number;
  readonly watched: number;
  readonly ratio: number;
  readonly others: number;
}

/** Turns go on until so many were quiet, or for so long. */
const quietTurns = 16;
const patienceMs = 150_000;
const turnMs = 1_500;

/** Who never reads never answers a ping, and would be gone before the turn is over. */
const limits = { pongMs: 600_000 };

/** Fewer turns than this say nothing. */
const quietMin = 3;

/** Others took less than this of a processor. */
const quiet = 0.15;

/** Who joins gets a whole model first, and who leaves is cleaned up after. */
const settleMs = 700;

/**
 * How fast a thread of its own trains with a crowd, against nobody watching, in turns. With the
 * serving thread and the crowd two processors are in use: whatever else runs then would count as
 * theirs. So the quietest turns are what counts.
 */
export const digitsWith = async (crowd: Crowd): Promise<Company> => {
  const gauge = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
  const shown = broadcaster({ name: 'digits', description: () => model.description });
  const model = gaugedTraining(shown, gauge);
  const pace = new Pace(model.snapshots(), new Float64Array(gauge));
  const viewers = startViewers();
  const server = await serve({ broadcaster: shown, model }, { port: 0, limits });
  await sleep(4_000);
  const open: ViewersOrder = { op: 'open', url: server.url, ...crowd };
  const comparisons = await compareTurns({ pace, viewers, open });
  pace.end();
  viewers.end();
  await model.stop();
  await server.close();
  return company(comparisons);
};

/** As `rivulet serve digits --learner seed` trains, with the gauge beside it. */
const gaugedTraining = (audience: Broadcaster, gauge: SharedArrayBuffer): RemoteTraining => {
  const settings: WorkerSettings = {
    specs: ['digits'],
    options: {
      ...{ seed: 1, learner: 'seed', ahead: 2, wait: 5 },
      ...{ buffer: 1_000, whenFull: 'drop-oldest' },
    },
    everyMs: 33,
  };
  const entry = new URL('./gauged-thread.ts', import.meta.url);
  const start = () => startModule(entry, { ...settings, gauge });
  return new RemoteTraining({ name: 'digits', audience, start });
};

const compareTurns = async ({
  pace,
  viewers,
  open,
}: {
  pace: Pace;
  viewers: Viewers;
  open: ViewersOrder;
}): Promise<Comparison[]> => {
  const comparisons: Comparison[] = [];
  const end = performance.now() + patienceMs;
  let before = await take(pace, viewers);
  while (performance.now() < end && quietOnes(comparisons).length < quietTurns) {
    await viewers.ask(open);
    await sleep(settleMs);
    const watched = await take(pace, viewers);
    await viewers.ask({ op: 'leave' });
    await sleep(settleMs);
    const after = await take(pace, viewers);
    comparisons.push(compare(watched, [before, after]));
    before = after;
  }
  return comparisons;
};

const quietOnes = (comparisons: readonly Comparison[]): Comparison[] =>
  comparisons.filter(({ others }) => others < quiet);

const compare = (watched: Turn, around: readonly [Turn, Turn]): Comparison => ({
  alone: (around[0].rate + around[1].rate) / 2,
  watched: watched.rate,
  ratio: (2 * watched.perLap) / (around[0].perLap + around[1].perLap),
  others: Math.max(watched.others, ...around.map(({ others }) => others)),
});

/** Of the quiet turns; where there were hardly any, of the quietest. */
const company = (comparisons: readonly Comparison[]): Company => {
  const sorted = [...comparisons].sort((one, other) => one.others - other.others);
  const best = sorted.slice(0, Math.max(quietMin, quietOnes(comparisons).length));
  return {
    alone: median(best.map(({ alone }) => alone)),
    watched: median(best.map(({ watched }) => watched)),
    ratio: median(best.map(({ ratio }) => ratio)),
    turns: best.length,
    others: best.at(-1)!.others,
  };
};

const take = async (pace: Pace, viewers: Viewers): Promise<Turn> => {
  const [idle, own, start] = [idleMs(), await ownMs(viewers), performance.now()];
  const going = await pace.over(turnMs);
  const ms = performance.now() - start;
  const [idled, ours] = [idleMs() - idle, (await ownMs(viewers)) - own];
  // What is neither idle nor ours: others took it, or who lends the processors.
  return { ...going, others: cpus().length - (idled + ours) / ms };
};

const idleMs = (): number => cpus().reduce((sum, { times }) => sum + times.idle, 0);

const ownMs = async (viewers: Viewers): Promise<number> => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + (await viewers.ask({ op: 'count' })).cpuMs;
};
