import type { Bench, Figure, Row } from './report.ts';
import type { Flood } from './sources/flood.ts';
import { buildWorker, type Worker } from './worker.ts';

/** Each in turn, so that a slow minute of the machine hits both sides. */
const rounds = 8;
const floodSeconds = 10;

/** What a source costs beside the learning, and what becomes of one that is too fast. */
export const sources: Bench = {
  name: 'sources',
  about: 'files and MQTT with the default learner, against the same without; a flood [seconds]',
  run([seconds = `${floodSeconds}`] = []) {
    using worker = buildWorker(new URL('./sources/worker.ts', import.meta.url));
    const csv = bestRates(worker, 'csv', ['memory', 'file'])!;
    const mqtt = bestRates(worker, 'mqtt', ['parsed', 'learned']);
    const flooded = worker.run('flood', seconds) as Flood;
    const rows: Row[] = [
      { source: 'CSV file, learned', 'rows/s': csv.file },
      { source: 'the learner alone, rows in memory', 'rows/s': csv.memory },
      { source: 'MQTT, QoS 1, learned', 'rows/s': mqtt?.learned ?? null },
      { source: 'MQTT, QoS 1, parsed alone', 'rows/s': mqtt?.parsed ?? null },
    ];
    const lost = flooded.sent - flooded.learned - flooded.dropped;
    const figures: Figure[] = [
      { name: 'CSV ÷ learner alone', value: csv.file / csv.memory, atLeast: 0.8 },
      ...(mqtt
        ? [{ name: 'MQTT learned ÷ parsed', value: mqtt.learned / mqtt.parsed, atLeast: 0.7 }]
        : []),
      { name: `flood: sent − learned − dropped of ${flooded.sent}`, value: lost, atMost: 0 },
      { name: 'flood: MiB grown after a quarter of the time', value: flooded.grownMiB, atMost: 32 },
    ];
    return { rows, figures, notes: mqtt ? [] : ['mosquitto is not here: MQTT is left out'] };
  },
};

/**
 * The best rate of each side; undefined where the machine lacks what it needs. Each side has a process
 * of its own: code that has met another pipeline before runs slower.
 */
const bestRates = <Side extends string>(
  worker: Worker,
  name: string,
  sides: readonly Side[],
): Record<Side, number> | undefined => {
  const best = Object.fromEntries(sides.map((side) => [side, 0])) as Record<Side, number>;
  for (let round = 0; round < rounds; round += 1) {
    for (const side of sides) {
      const rate = worker.run(name, side) as number | null;
      if (rate === null) return undefined;
      best[side] = Math.max(best[side], rate);
    }
  }
  return best;
};
