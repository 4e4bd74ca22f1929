import ansis from 'ansis';
import { createLogUpdate } from 'log-update';
import type { ModelServer } from '../../server/serve.ts';
import { droppedBefore } from '../../training/training-model.ts';
import { count, figure, measureOf } from '../terminal/figures.ts';
import { oneLine } from '../terminal/misuse.ts';
import type { LiveRun } from './live-run.ts';

const everyMs = 250;

/**
 * Keeps two lines on standard error: where the page is, and how training comes along. Where that is
 * no terminal it writes the first once. Returns what takes them away.
 */
export const statusLines = (live: LiveRun, server: ModelServer): (() => void) => {
  const { stderr } = process;
  if (!stderr.isTTY) return () => {};
  const draw = createLogUpdate(stderr);
  const show = (): void => draw(`${state(live, server)}\n${ansis.dim('Ctrl-C ends it.')}`);
  show();
  const timer = setInterval(show, everyMs);
  return () => {
    clearInterval(timer);
    draw.clear();
  };
};

const state = (live: LiveRun, server: ModelServer): string => {
  const { last, training, failure } = live;
  if (failure !== undefined) return `${ansis.red('stopped')} ${failure}`;
  if (last === undefined) return `waiting for ${oneLine(training.source.name)}`;
  const viewers = server.connectionCount;
  const dropped = droppedBefore(training.source);
  const facts = [
    `${count(last.step)} samples`,
    live.isLearning ? `${count(live.samplesPerSecond)}/s` : '',
    measureOf(last),
    `J ${figure(last.cost.mean)}`,
    `${viewers} ${viewers === 1 ? 'viewer' : 'viewers'}`,
    dropped > 0 ? ansis.yellow(`${count(dropped)} left out`) : '',
    last.rejected > 0 ? ansis.yellow(`${count(last.rejected)} rejected`) : '',
  ];
  const verb = live.isLearning ? ansis.cyan('learning') : ansis.green('learned');
  return `${verb} ${facts.filter(Boolean).join(ansis.dim(' · '))}`;
};
