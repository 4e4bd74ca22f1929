import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ageOfSlowReader } from './broadcast/age.ts';
import { fanOut, messageRates } from './broadcast/fan-out.ts';
import { stalledReaders } from './broadcast/stalled.ts';
import { trainingWithViewers } from './broadcast/worker.ts';
import type { Bench } from './report.ts';

/** Makes `gc` callable: what garbage takes is not what readers cost. */
const exposeCollector = (): void => {
  setFlagsFromString('--expose-gc');
  Object.assign(globalThis, { gc: runInNewContext('gc') });
};

/** What the model-update stream promises. */
export const broadcast: Bench = {
  name: 'broadcast',
  about: 'age, memory, losses and rates of the model-update stream (about a minute)',
  async run() {
    exposeCollector();
    const age = await ageOfSlowReader();
    const stalled = await stalledReaders();
    const fan = await fanOut();
    const rates = await messageRates();
    const worker = await trainingWithViewers();
    return {
      rows: [...age.rows, ...stalled.rows, ...fan.rows, ...rates.rows, ...worker.rows],
      figures: [
        {
          name: 'median age of the weights at a reader of 200 KB/s, ms',
          value: age.median,
          atMost: 500,
        },
        {
          name: 'bytes that one reader costs that never reads',
          value: stalled.one,
          atMost: 262_144,
        },
        { name: 'bytes that 1,000 of them cost', value: stalled.thousand, atMost: 268_435_456 },
        { name: 'ms to a whole model for a late joiner, p99', value: fan.joinMs, atMost: 100 },
        {
          name: 'bytes a second a viewer, 3,300 parameters at 10 Hz',
          value: fan.bytesPerSecond,
          atMost: 40_000,
        },
        { name: 'socket writes, against bare ws', value: rates.writes, atLeast: 0.9 },
        { name: 'messages that share writes, against bare ws', value: rates.shared, atLeast: 4 },
        { name: 'training with 100 viewers, against none', value: worker.ratio, atLeast: 0.9 },
      ],
    };
  },
};
