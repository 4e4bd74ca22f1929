import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Broadcaster, type BroadcasterOptions } from '../../broadcast/broadcaster.ts';
import type { Gauges } from '../../broadcast/describe.ts';
import { wallClock } from '../threads/wall-clock.ts';

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 26 characters, in the order of time, different each time. */
const ulid = (now = Date.now()): string => {
  let time = '';
  for (let i = 0, rest = now; i < 10; i += 1, rest = Math.floor(rest / 32)) {
    time = digits[rest % 32] + time;
  }
  return time + Array.from(randomBytes(16), (byte) => digits[byte % 32]).join('');
};

/** Options of {@link broadcaster}: those of a Broadcaster, of which this machine gives the rest. */
export type NodeBroadcasterOptions = Partial<BroadcasterOptions> & {
  /** How many samples wait to be learned. Default: none. */
  readonly lag?: () => number;
  /** How many samples were left out for want of room. Default: none. */
  readonly dropped?: () => number;
};

/** So often, in milliseconds, it is looked at how late the event loop is. */
const delayEveryMs = 20;

/** A broadcaster with the clock, the epochs and the gauges of this process. */
export const broadcaster = ({
  lag = () => 0,
  dropped = () => 0,
  name = 'default',
  ...options
}: NodeBroadcasterOptions = {}): Broadcaster => {
  const delay = monitorEventLoopDelay({ resolution: delayEveryMs });
  delay.enable();
  // Each is measured when it is read: reading the lag must not reset the measure of the delay.
  const gauges: Gauges = {
    get lag() {
      return lag();
    },
    get dropped() {
      return dropped();
    },
    get rss() {
      return process.memoryUsage.rss();
    },
    get eventLoopDelay() {
      const { mean } = delay;
      delay.reset();
      // What is measured is the time from one look to the next.
      return Number.isFinite(mean) ? Math.max(0, mean / 1e6 - delayEveryMs) : 0;
    },
  };
  return new Broadcaster({
    name,
    clock: wallClock,
    nextEpoch: () => ulid(),
    gauges: () => gauges,
    ...options,
  });
};
