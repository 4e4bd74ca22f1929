import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { serve } from '../../src/node/server/serve.ts';
import { startModule } from '../../src/node/threads/start-thread.ts';
import type { WorkerSettings } from '../../src/node/training/worker/messages.ts';
import { RemoteTraining } from '../../src/node/training/worker/remote-training.ts';
import { median } from '../quantile.ts';
import { type Going, Pace } from './pace.ts';
import { startViewers, type Viewers, type ViewersOrder } from './viewers.ts';

/** Who joins a training, and how they behave. */
export type Crowd = Omit<Extract<ViewersOrder, { op: 'open' }>, 'op' | 'url'>;

/** How fast a training goes by itself, and with a crowd, in samples a second. */
export interface Company {
  readonly alone: number;
  readonly watched: number;
  /** With the crowd to without, in samples a lap of the gauge. */
  readonly ratio: number;
  /** How many turns counted, and how much of a processor others took in them at most. */
  readonly turns: number;
  readonly others: number;
}

interface Turn extends Going {
  /** How much of a processor was taken by what is no part of this. */
  readonly others: number;
}

/** Turns go on until so many of each kind were quiet, or for so long. */
const quietTurns = 25;
const patienceMs = 180_000;
const turnMs = 1_000;

/** Who never reads never answers a ping, and would be gone before the turn is over. */
const limits = { pongMs: 600_000 };

/** Fewer turns than this say nothing. */
const quietMin = 3;

/** Others took less than this of a processor. */
const quiet = 0.15;

/** Until the code is compiled that learns. */
const warmUpMs = 3_000;

/** Who joins gets a whole model first, and who leaves is cleaned up after. */
const settleMs = 500;

/**
 * How fast a thread of its own trains with a crowd, against nobody watching, in turns. With the
 * serving thread and the crowd two processors are in use: whatever else runs then would count as
 * theirs. So the quietest turns are what counts.
 */
export const digitsWith = async (crowd: Crowd): Promise<Company> => {
  const gauge = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
  const model = gaugedTraining(gauge);
  const shown = broadcaster({ name: 'digits', description: () => model.description });
  const pace = new Pace(model.snapshots(shown), new Float64Array(gauge));
  const viewers = startViewers();
  const server = await serve({ broadcaster: shown, model }, { port: 0, limits });
  await pace.begun();
  await sleep(warmUpMs);
  const open: ViewersOrder = { op: 'open', url: server.url, ...crowd };
  const turns = await takeTurns({ pace, viewers, open });
  pace.end();
  viewers.end();
  await model.stop();
  await server.close();
  return company(turns);
};

/** As `rivulet serve digits --learner seed` trains, with the gauge beside it. */
const gaugedTraining = (gauge: SharedArrayBuffer): RemoteTraining => {
  const settings: WorkerSettings = {
    specs: ['digits'],
    options: {
      seed: 1,
      learner: 'seed',
      ahead: 2,
      wait: 5,
      buffer: 1_000,
      whenFull: 'drop-oldest',
      everyMs: 33,
    },
  };
  const entry = new URL('./gauged-thread.ts', import.meta.url);
  const start = () => startModule(entry, { ...settings, gauge });
  return new RemoteTraining({ name: 'digits', start });
};

/** With the crowd and without it, in turns. */
const takeTurns = async ({
  pace,
  viewers,
  open,
}: {
  pace: Pace;
  viewers: Viewers;
  open: ViewersOrder;
}): Promise<{ alone: Turn[]; watched: Turn[] }> => {
  const [alone, watched]: [Turn[], Turn[]] = [[], []];
  const end = performance.now() + patienceMs;
  const isEnough = () => Math.min(quietOf(alone).length, quietOf(watched).length) >= quietTurns;
  while (performance.now() < end && !isEnough()) {
    alone.push(await take(pace, viewers));
    await viewers.ask(open);
    await sleep(settleMs);
    watched.push(await take(pace, viewers));
    await viewers.ask({ op: 'leave' });
    await sleep(settleMs);
  }
  return { alone, watched };
};

/** The quiet ones; where there were hardly any, the quietest. */
const quietOf = (turns: readonly Turn[]): Turn[] => {
  const sorted = [...turns].sort((one, other) => one.others - other.others);
  const count = sorted.filter(({ others }) => others < quiet).length;
  return sorted.slice(0, Math.max(quietMin, count));
};

const company = (turns: { alone: readonly Turn[]; watched: readonly Turn[] }): Company => {
  const [alone, watched] = [quietOf(turns.alone), quietOf(turns.watched)];
  const middle = (some: readonly Turn[], part: keyof Turn) => median(some.map((one) => one[part]));
  return {
    alone: middle(alone, 'rate'),
    watched: middle(watched, 'rate'),
    ratio: middle(watched, 'perLap') / middle(alone, 'perLap'),
    turns: Math.min(alone.length, watched.length),
    others: Math.max(...[...alone, ...watched].map(({ others }) => others)),
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
