import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ageOfSlowReader } from './broadcast/age.ts';
import { fanOut, messageRates } from './broadcast/fan-out.ts';
import { stalledReaders } from './broadcast/stalled.ts';
import { trainingBesideStalled, trainingWatched } from './broadcast/worker.ts';
import type { Bench, Report } from './report.ts';

/** Makes `gc` callable: what garbage takes is not what readers cost. */
const exposeCollector = (): void => {
  setFlagsFromString('--expose-gc');
  Object.assign(globalThis, { gc: runInNewContext('gc') });
};

const age = async (): Promise<Report> => {
  const { rows, median } = await ageOfSlowReader();
  const name = 'median age of the weights at a reader of 200 KB/s, ms';
  return { rows, figures: [{ name, value: median, atMost: 500 }] };
};

const stalled = async (): Promise<Report> => {
  exposeCollector();
  const { rows, costs } = await stalledReaders();
  const { one, greedy, thousand } = costs;
  return {
    rows,
    figures: [
      { name: 'bytes that one reader costs that never reads', value: one, atMost: 262_144 },
      { name: 'bytes of one with all on the way that may be', value: greedy, atMost: 262_144 },
      { name: 'bytes that 1,000 of them cost', value: thousand, atMost: 268_435_456 },
    ],
  };
};

const fan = async (): Promise<Report> => {
  const { rows, joinMs, bytesPerSecond } = await fanOut();
  const name = 'bytes a second a viewer, 3,300 parameters at 10 Hz';
  return {
    rows,
    figures: [
      { name: 'ms to a whole model for a late joiner, p99', value: joinMs, atMost: 100 },
      { name, value: bytesPerSecond, atMost: 40_000 },
    ],
  };
};

const rates = async (): Promise<Report> => {
  const { rows, writes, shared } = await messageRates();
  return {
    rows,
    figures: [
      { name: 'socket writes, against bare ws', value: writes, atLeast: 0.9 },
      { name: 'messages that share writes, against bare ws', value: shared, atLeast: 4 },
    ],
  };
};

const watched = async (): Promise<Report> => {
  const { rows, ratio } = await trainingWatched();
  const name = 'training with 100 viewers, against none';
  return { rows, figures: [{ name, value: ratio, atLeast: 0.9 }] };
};

const beside = async (): Promise<Report> => {
  const { rows, ratio } = await trainingBesideStalled();
  const name = 'training beside 1,000 who never read, against none';
  return { rows, figures: [{ name, value: ratio, atLeast: 0.95 }] };
};

const parts: Readonly<Record<string, () => Promise<Report>>> = {
  age,
  stalled,
  fan,
  rates,
  watched,
  beside,
};

/** What the model-update stream promises. */
export const broadcast: Bench = {
  name: 'broadcast',
  about: `the model-update stream (5 minutes); parts: ${Object.keys(parts).join(', ')}`,
  async run(names = []) {
    const chosen = names.length > 0 ? names : Object.keys(parts);
    const reports: Report[] = [];
    for (const name of chosen) {
      const part = parts[name];
      if (!part) throw new TypeError(`broadcast has no part ${name}`);
      reports.push(await part());
    }
    return {
      rows: reports.flatMap(({ rows }) => rows),
      figures: reports.flatMap(({ figures = [] }) => figures),
    };
  },
};
