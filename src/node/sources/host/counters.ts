import { readFileSync } from 'node:fs';
import { ratesOf, type Sensor } from './sensor.ts';

/** Received and sent bytes a second over all interfaces but the loopback (Linux). */
export const networkSensor = (path = '/proc/net/dev'): Sensor =>
  counterSensor(path, (lines) => {
    const counters = { receivedBytes: 0, sentBytes: 0 };
    for (const line of lines) {
      const [name, rest] = line.split(':');
      if (rest === undefined || name?.trim() === 'lo') continue;
      const fields = rest.trim().split(/\s+/).map(Number);
      counters.receivedBytes += fields[0] ?? 0;
      counters.sentBytes += fields[8] ?? 0;
    }
    return counters;
  });

/** A partition's traffic is in that of its disk, and loop and memory devices are not disks. */
const disk = /^(sd[a-z]+|vd[a-z]+|xvd[a-z]+|hd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/;

/** The kernel counts in sectors of 512 bytes, whatever the disk's own are. */
const sectorBytes = 512;

/** Read and written bytes a second over all disks (Linux). */
export const diskSensor = (path = '/proc/diskstats'): Sensor =>
  counterSensor(path, (lines) => {
    const counters = { readBytes: 0, writtenBytes: 0 };
    for (const line of lines) {
      const fields = line.trim().split(/\s+/);
      if (!disk.test(fields[2] ?? '')) continue;
      counters.readBytes += Number(fields[5]) * sectorBytes;
      counters.writtenBytes += Number(fields[9]) * sectorBytes;
    }
    return counters;
  });

const counterSensor = (
  path: string,
  count: (lines: readonly string[]) => Record<string, number>,
): Sensor => {
  const rates = ratesOf();
  return {
    read(seconds) {
      try {
        return rates(count(readFileSync(path, 'utf8').split('\n')), seconds);
      } catch {
        return undefined; // Not Linux, or a container that hides it.
      }
    },
  };
};
