import { performance } from 'node:perf_hooks';
import type { Clock } from '../../broadcast/peer.ts';

/** The clock of this machine: it starts at the time of day and never goes back. */
export const wallClock: Clock = { now: () => performance.timeOrigin + performance.now() };

/** The longest time that a timer can be set to, in milliseconds. */
export const timerMsMax = 0x7fff_ffff;
