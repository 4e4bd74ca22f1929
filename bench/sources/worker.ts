import { csvRates } from './csv.ts';
import { flood } from './flood.ts';
import { mqttRates } from './mqtt.ts';

/** What can be measured, by name; null where the machine lacks what it needs. */
const measures: Readonly<Record<string, (count: number) => Promise<unknown>>> = {
  csv: csvRates,
  flood,
  mqtt: mqttRates,
};

const [, , name = '', count] = process.argv;
console.log(JSON.stringify((await measures[name]!(Number(count))) ?? null));
