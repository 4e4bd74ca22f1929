import type { Bench, Figure, Row } from './report.ts';
import type { CsvRates } from './sources/csv.ts';
import type { Flood } from './sources/flood.ts';
import { buildWorker, type Worker } from './worker.ts';

/** Each in turn, so that a slow minute of the machine hits both sides. */
const rounds = 3;
/** A stream is more code than a learner alone: it takes longer until all of it is compiled. */
const csvRounds = 6;
const floodSeconds = 10;

/** What a source costs beside the learning, and what becomes of one that is too fast. */
export const sources: Bench = {
  name: 'sources',
  about: 'files and MQTT with the default learner, against the same without; a flood [seconds]',
  run([seconds = `${floodSeconds}`] = []) {
    using worker = buildWorker(new URL('./sources/worker.ts', import.meta.url));
    const csv = worker.run('csv', `${csvRounds}`) as CsvRates;
    const mqtt = mqttRates(worker);
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

/** Each side in a process of its own: code that has met another pipeline before runs slower. */
const mqttRates = (worker: Worker): { learned: number; parsed: number } | undefined => {
  const best = { learned: 0, parsed: 0 };
  for (let round = 0; round < rounds; round += 1) {
    for (const side of ['parsed', 'learned'] as const) {
      const rate = worker.run('mqtt', side) as number | null;
      if (rate === null) return undefined;
      best[side] = Math.max(best[side], rate);
    }
  }
  return best;
};
