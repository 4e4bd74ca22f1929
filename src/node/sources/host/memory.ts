import { freemem, totalmem } from 'node:os';
import type { Sensor } from './sensor.ts';

/** The share of the machine's memory in use, 0 … 1, and this process's own, in MiB. */
export const memorySensor = (): Sensor => ({
  read: () => ({
    memory: 1 - freemem() / totalmem(),
    processMiB: process.memoryUsage.rss() / 0x10_0000,
  }),
});
