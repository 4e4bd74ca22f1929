import { csvRate } from './csv.ts';
import { flood } from './flood.ts';
import { mqttRate, publishRows } from './mqtt.ts';

/** What can be measured, by name; null where the machine lacks what it needs. */
const measures: Readonly<Record<string, (argument: string) => Promise<unknown>>> = {
  csv: csvRate,
  flood: (seconds) => flood(Number(seconds)),
  mqtt: mqttRate,
  publish: publishRows,
};

const [, , name = '', argument = ''] = process.argv;
console.log(JSON.stringify((await measures[name]!(argument)) ?? null));
