import { encoder } from '../src/encode/encoder.ts';
import { scaler } from '../src/encode/standardise.ts';
import { initialRandom, type RandomMemory, randomUniform } from '../src/math/random.ts';
import type { Example } from '../src/sources/example.ts';
import { bestRate } from './rate.ts';
import type { Bench, Figure, Row } from './report.ts';

type Features = (random: RandomMemory, i: number) => Record<string, unknown>;

const numbers =
  (count: number): Features =>
  (random) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, j) => [`feature ${j}`, randomUniform(random)]),
    );

const mixed: Features = (random, i) => ({
  heat: randomUniform(random),
  room: `room ${i % 50}`,
  open: i % 2 === 0,
  at: new Date(1.7e12 + i * 60_000).toISOString(),
  sensor: { load: randomUniform(random), state: i % 3 === 0 ? 'on' : 'off' },
});

const shapes: Readonly<Record<string, Features>> = {
  '10 numbers': numbers(10),
  '64 numbers': numbers(64),
  '2 numbers, 2 texts, a boolean, a timestamp': mixed,
};
const recordCount = 2_048;

/** How fast records become standardised vectors. */
export const encoding: Bench = {
  name: 'encode',
  about: 'records that become vectors, and z-scores, each second, in memory, on one core',
  run() {
    const rows: Row[] = Object.entries(shapes).map(([name, features]) => ({
      record: name,
      ...ratesOf(features),
    }));
    const figures: Figure[] = [
      {
        name: 'records/s of 10 numbers, encoded and standardised',
        value: rows[0]!['both'] as number,
        atLeast: 1e6,
      },
    ];
    return { rows, figures };
  },
};

const ratesOf = (features: Features): Record<'encoded' | 'standardised' | 'both', number> => {
  const examples = examplesOf(features);
  const [records, scales] = [encoder({ task: 'classification' }), scaler()];
  const [seen, scaled] = [records.initial(), scales.initial()];
  // The first pass makes the slots: after it all vectors have one length.
  for (const example of examples) records.update(seen, example);
  const samples = examples.map((example) => records.update(seen, example));
  const options = { windows: 60, windowMs: 10 };
  const of = <Value>(values: readonly Value[], i: number): Value => values[i % recordCount]!;
  return {
    encoded: bestRate((i) => records.update(seen, of(examples, i)), options),
    standardised: bestRate((i) => scales.update(scaled, of(samples, i)), options),
    both: bestRate((i) => scales.update(scaled, records.update(seen, of(examples, i))), options),
  };
};

/** Through JSON, as records come from a file or a socket: their layout is what the parser makes. */
const examplesOf = (features: Features): Example[] => {
  const random = initialRandom(5);
  return Array.from({ length: recordCount }, (_, i) => ({
    features: JSON.parse(JSON.stringify(features(random, i))) as Record<string, unknown>,
    target: i % 2,
  }));
};
