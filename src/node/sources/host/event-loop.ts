import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Sensor } from './sensor.ts';

const resolutionMs = 10;

/** How late this process's own timers fire: the mean and the worst since the last reading, in ms. */
export const eventLoopSensor = (): Sensor => {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  const toMs = (ns: number): number =>
    Number.isFinite(ns) ? Math.max(0, ns / 1e6 - resolutionMs) : 0;
  return {
    read() {
      const hasAny = delays.count > 0;
      const readings = {
        loopDelayMs: hasAny ? toMs(delays.mean) : 0,
        loopDelayMaxMs: hasAny ? toMs(delays.max) : 0,
      };
      delays.reset();
      return readings;
    },
    close: () => void delays.disable(),
  };
};
