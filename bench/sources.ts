import { median } from './quantile.ts';
import type { Bench, Figure, Row } from './report.ts';
import type { Flood } from './sources/flood.ts';
import { buildWorker, type Worker } from './worker.ts';

/** Both sides in turn, so that a slow minute of the machine hits both. */
const rounds = 21;
const floodSeconds = 10;

/** What a source costs beside the learning, and what becomes of one that is too fast. */
export const sources: Bench = {
  name: 'sources',
  about: 'files and MQTT with the default learner, against the same without; a flood [seconds]',
  run([seconds = `${floodSeconds}`] = []) {
    using worker = buildWorker(new URL('./sources/worker.ts', import.meta.url));
    const csv = measure(worker, 'csv', ['memory', 'file'])!;
    const mqtt = measure(worker, 'mqtt', ['parsed', 'learned']);
    const flooded = worker.run('flood', seconds) as Flood;
    const rows: Row[] = [
      { source: 'CSV file, learned', 'rows/s': csv.rates[1] },
      { source: 'the learner alone, rows in memory', 'rows/s': csv.rates[0] },
      { source: 'MQTT, QoS 1, learned', 'rows/s': mqtt?.rates[1] ?? null },
      { source: 'MQTT, QoS 1, parsed alone', 'rows/s': mqtt?.rates[0] ?? null },
    ];
    const lost = flooded.sent - flooded.learned - flooded.dropped;
    const figures: Figure[] = [
      { name: 'CSV ÷ learner alone', value: csv.ratio, atLeast: 0.8 },
      ...(mqtt ? [{ name: 'MQTT learned ÷ parsed', value: mqtt.ratio, atLeast: 0.7 }] : []),
      { name: `flood: sent − learned − dropped of ${flooded.sent}`, value: lost, atMost: 0 },
      { name: 'flood: MiB grown after a quarter of the time', value: flooded.grownMiB, atMost: 32 },
    ];
    return { rows, figures, notes: mqtt ? [] : ['mosquitto is not here: MQTT is left out'] };
  },
};

/** What two sides have done. */
interface Sides {
  /** The median rate of each. */
  readonly rates: readonly [number, number];
  /** The second to the first: the median of all rounds. */
  readonly ratio: number;
}

/**
 * Two sides round by round, the one first and then the other; undefined where the machine lacks what
 * they need. Each turn has a process of its own: code that has met another pipeline before runs slower.
 */
const measure = (
  worker: Worker,
  name: string,
  sides: readonly [string, string],
): Sides | undefined => {
  const rates: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const rate = worker.run(name, sides[side]) as number | null;
      if (rate === null) return undefined;
      rates[side].push(rate);
    }
  }
  const [first, second] = rates;
  const ratios = second.map((rate, round) => rate / first[round]!);
  return { rates: [median(first), median(second)], ratio: median(ratios) };
};
