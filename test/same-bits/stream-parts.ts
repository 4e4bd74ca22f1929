import { lastValueFrom, toArray } from 'rxjs';
import { encoder } from '../../src/encode/encoder.ts';
import { fadingMeans } from '../../src/encode/fading-means.ts';
import { lags } from '../../src/encode/lags.ts';
import { movingMeans } from '../../src/encode/moving-means.ts';
import { scaler } from '../../src/encode/standardise.ts';
import {
  initialRandom,
  type RandomMemory,
  randomInteger,
  randomNormal,
  randomUniform,
  shuffle,
} from '../../src/math/random.ts';
import { DecimalReader } from '../../src/sources/decimal-reader.ts';
import { digits } from '../../src/sources/digits.ts';
import type { Example } from '../../src/sources/example.ts';
import * as generators from '../../src/sources/generators/index.ts';
import { gradientDescent } from '../../src/sources/gradient-descent.ts';
import { exampleFromRecord } from '../../src/sources/record.ts';
import { Thinning } from '../../src/stream/waiting.ts';
import { hashOf } from './bit-hash.ts';
import type { Parts } from './parts.ts';

const driftOptions = { count: 600, driftAt: [300], driftOver: 100, seed: 3 };

const generatorParts: Parts = Object.fromEntries(
  Object.entries(generators).map(([name, generator]) => [
    `generator ${name}`,
    async () => hashOf(await lastValueFrom(generator(driftOptions).pipe(toArray()))),
  ]),
);

const rooms = ['hall', 'kitchen', 'Küche', '厨房', 'a room with a long name'];

/** A record with all kinds of fields, now and then without one of them. */
const record = (random: RandomMemory, i: number): Record<string, unknown> => {
  const at = new Date(1.6e12 + Math.floor(3e10 * randomUniform(random)));
  return {
    heat: randomNormal(random) * 1e3,
    ...(i % 7 !== 0 && { wind: randomUniform(random) }),
    room: rooms[randomInteger(random, rooms.length)],
    open: randomUniform(random) < 0.5,
    at: i % 3 === 0 ? at.toISOString() : at.toISOString().slice(0, 16).replace('T', ' '),
    day: i % 2 === 0 ? `2024-02-${20 + (i % 11)}` : '2024-02-30',
    date: at,
    deep: { er: i / 3 },
    odd: i % 5 === 0 ? 'Jan 2, 2024 10:00' : `${i % 9}`,
  };
};

/** Records with times, texts and gaps, as examples. */
export const recordExamples = (count: number): Example[] => {
  const random = initialRandom(7);
  return Array.from({ length: count }, (_, i) => {
    const { date, ...plain } = record(random, i);
    const time = i % 2 === 0 ? '2024-05-01T10:00' : `2024-05-01 10:00:${10 + (i % 50)}.25+02:00`;
    const target = randomUniform(random) < 0.5 ? 'yes' : 'no';
    const example = exampleFromRecord({ ...plain, time, target }, { time: 'time' });
    return { ...example, features: { ...example.features, date } };
  });
};

const encoded = (): string => {
  const [lagging, moving, fading, encoding, scaling] = [
    lags({ of: 'heat', last: 2 }),
    movingMeans({ of: 'wind', last: 5 }),
    fadingMeans({ of: 'heat', halfLife: 7 }),
    encoder({ task: 'classification' }),
    scaler({ floor: 0.01 }),
  ] as const;
  const [past, means, faded] = [lagging.initial(), moving.initial(), fading.initial()];
  const [seen, moments] = [encoding.initial(), scaling.initial()];
  const vectors = recordExamples(400).map((example) => {
    const averaged = moving.update(means, lagging.update(past, example));
    const sample = encoding.update(seen, fading.update(faded, averaged));
    const raw = [...(sample.x as number[])];
    return [raw, [...(scaling.update(moments, sample).x as number[])], sample.y, sample.time];
  });
  return hashOf(vectors, seen.slots, seen.classes, moments.means, moments.variances);
};

/** Sources, generators and the encoder. */
export const streamParts: Parts = {
  ...generatorParts,
  'random normal': () => {
    const random = initialRandom(5);
    return hashOf(Array.from({ length: 20_000 }, () => randomNormal(random)));
  },
  'random shuffle': () =>
    hashOf(
      shuffle(
        initialRandom(6),
        Array.from({ length: 1000 }, (_, i) => i),
      ),
    ),
  'digits, shuffled': async () =>
    hashOf(await lastValueFrom(digits({ passes: 2 }).pipe(toArray()))),
  'encoder with timestamps, texts and gaps': encoded,
  'decimal reader': () => {
    const reader = new DecimalReader();
    const random = initialRandom(8);
    const texts = Array.from({ length: 2000 }, () => (1e5 * randomNormal(random)).toFixed(9));
    return hashOf(
      texts.map((text) => {
        reader.read(new TextEncoder().encode(`${text},`), 0);
        return [text, reader.value];
      }),
    );
  },
  'gradient descent': async () => {
    const gradient = (p: readonly number[]) => [2 * p[0]! + p[1]!, 3 * p[1]! + p[0]!];
    return hashOf(
      await lastValueFrom(gradientDescent({ gradient, start: [4, -3] }).pipe(toArray())),
    );
  },
  thinning: () => {
    const thinning = new Thinning(1);
    for (let i = 0; i < 5; i += 1) thinning.thin([]);
    return hashOf(Array.from({ length: 1000 }, () => thinning.admits()));
  },
};
