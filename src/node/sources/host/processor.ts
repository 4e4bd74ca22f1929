import { type CpuInfo, cpus, loadavg } from 'node:os';
import type { Sensor } from './sensor.ts';

/** The share of time each core was busy, 0 … 1, as `cpu0` …, and over all cores as `cpu`. */
export const processorSensor = (): Sensor => {
  let before = cpus().map(times);
  return {
    read() {
      const now = cpus().map(times);
      const shares = now.map(({ busy, all }, i) => {
        const last = before[i] ?? { busy: 0, all: 0 };
        return all > last.all ? Math.max(0, busy - last.busy) / (all - last.all) : 0;
      });
      before = now;
      const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
      return { cpu: mean, ...Object.fromEntries(shares.map((share, i) => [`cpu${i}`, share])) };
    },
  };
};

const times = ({
  times: { user, nice, sys, irq, idle },
}: CpuInfo): { busy: number; all: number } => {
  const busy = user + nice + sys + irq;
  return { busy, all: busy + idle };
};

/** How many tasks wanted to run in the last 1, 5 and 15 minutes. Windows does not say. */
export const loadSensor = (): Sensor => ({
  read() {
    if (process.platform === 'win32') return undefined;
    const [load1 = 0, load5 = 0, load15 = 0] = loadavg();
    return { load1, load5, load15 };
  },
});
