import { Observable } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { guarded } from '../../../stream/linked.ts';
import { sensors } from './index.ts';

/** Options of {@link host}. */
export interface HostOptions {
  /** Milliseconds between two readings. Default 200. */
  readonly everyMs?: number;
  /** The reading to be predicted, such as `cpu` or `memory`. Default `cpu`. */
  readonly target?: string;
  /** How many seconds ahead it is predicted. Default 2. */
  readonly aheadSeconds?: number;
}

const everyMsMin = 20;

/**
 * This machine's own sensors, live: load of each core, memory, event-loop delay, load average, and
 * network and disk traffic where the system has them. Each example is what was read some seconds
 * ago, and its target what one of the sensors says now. It cannot be replayed.
 */
export const host = ({
  everyMs = 200,
  target = 'cpu',
  aheadSeconds = 2,
}: HostOptions = {}): Observable<Example> => {
  if (!(everyMs >= everyMsMin)) {
    throw new RangeError(`everyMs must be at least ${everyMsMin}, not ${everyMs}`);
  }
  const steps = Math.round((aheadSeconds * 1000) / everyMs);
  if (!(steps >= 1)) {
    throw new RangeError(`aheadSeconds must be at least one reading ahead, not ${aheadSeconds}`);
  }
  return new Observable((subscriber) => {
    const { read, close } = openSensors();
    subscriber.add(close);
    read(); // Rates need two readings.
    const waiting: Example[] = [];
    const tick = (): void => {
      const features = read();
      const value = features[target];
      if (value === undefined) {
        const names = Object.keys(features).join(', ');
        subscriber.error(new SourceError(`this host has no sensor '${target}'; it has ${names}`));
        return;
      }
      waiting.push({ features, time: Date.now() });
      if (waiting.length > steps) subscriber.next({ ...waiting.shift()!, target: value });
    };
    // What the system refuses to tell, such as for want of file descriptors, ends the stream.
    const timer = setInterval(() => guarded(tick, subscriber)(undefined), everyMs);
    subscriber.add(() => clearInterval(timer));
  });
};

const openSensors = (): { read: () => Record<string, number>; close: () => void } => {
  const open = sensors.map((sensor) => sensor());
  let lastMs = performance.now();
  return {
    read() {
      const nowMs = performance.now();
      const seconds = (nowMs - lastMs) / 1000;
      lastMs = nowMs;
      return Object.assign({}, ...open.map((sensor) => sensor.read(seconds)));
    },
    close() {
      for (const sensor of open) sensor.close?.();
    },
  };
};
