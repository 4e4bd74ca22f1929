import type { Bench, Figure, Row } from './report.ts';
import { csvRates } from './sources/csv.ts';
import { flood } from './sources/flood.ts';
import { mqttRates } from './sources/mqtt.ts';

/** Each in turn, so that a slow minute of the machine hits both sides. */
const rounds = 2;
const floodSeconds = 10;

/** What a source costs beside the learning, and what becomes of one that is too fast. */
export const sources: Bench = {
  name: 'sources',
  about: 'files and MQTT with the default learner, against the same without; a flood [seconds]',
  async run([seconds = `${floodSeconds}`] = []) {
    const csv = await csvRates(rounds);
    const mqtt = await mqttRates(rounds);
    const flooded = await flood(Number(seconds));
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
