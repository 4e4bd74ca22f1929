import { describe, expect, it } from 'vitest';
import { Network } from '../../src/learn/network.ts';
import type { EngineName, NetworkOptions } from '../../src/learn/network-options.ts';
import { moments, standardiseInPlace, updateMoments } from '../../src/math/running.ts';
import { SampleError } from '../../src/stream/rejection.ts';

const engines: readonly EngineName[] = ['reference', 'simd'];

const make = (options: Partial<NetworkOptions> = {}): Network =>
  new Network({ sizes: [3, 5, 2], standardise: true, ...options });

/** Numbers of very different sizes, one of them missing now and then, one always the same. */
const sampleAt = (step: number): { x: number[]; y: number[] } => ({
  x: [1e6 + 1e3 * Math.sin(step), step % 7 === 3 ? Number.NaN : Math.cos(3 * step) / 1e4, 7],
  y: [step % 2, 1 - (step % 2)],
});

const samples = Array.from({ length: 60 }, (_, step) => sampleAt(step));

describe.each(engines)('a network that standardises, on the %s engine', (engine) => {
  it('learns as one that is given the z-scores', () => {
    const standardising = make({ engine });
    const plain = make({ engine, standardise: false });
    const memory = moments(3);
    for (const { x, y } of samples) {
      const z = [...x];
      standardiseInPlace(memory, z, 5);
      const [before] = standardising.predict(x);
      expect(before).toBeCloseTo(plain.predict(z)[0]!, 6);
      expect(standardising.learn(x, y)).toBeCloseTo(plain.learn(z, y), 6);
      expect(standardising.lastPrediction()[0]).toBeCloseTo(before!, 12);
      updateMoments(memory, x, 0);
    }
    const { scaler } = standardising.save() as { scaler: typeof memory };
    expect(scaler).toEqual(memory);
  });

  it('learns many at once as one by one, and takes each sample of a batch into its moments', () => {
    const [one, many, batch] = [make({ engine }), make({ engine }), make({ engine })];
    for (const { x, y } of samples) one.learn(x, y);
    many.learnMany(samples);
    batch.learnBatch(samples);
    expect(many.save()).toEqual(one.save());
    expect(batch.save()['scaler']).toEqual(one.save()['scaler']);
  });

  it.each([
    ['infinite x', [1, Number.POSITIVE_INFINITY, 2], [0, 1], 'x[1] is Infinity'],
    ['a y that is no number', [1, Number.NaN, 2], [0, Number.NaN], 'y[1] is NaN'],
  ])('refuses %s, and nothing has changed', (_, x, y, message) => {
    const network = make({ engine });
    network.learnMany(samples);
    const before = network.save();
    expect(() => network.learn(x, y)).toThrow(SampleError);
    expect(() => network.learn(x, y)).toThrow(message);
    expect([...network.learnMany([{ x, y }])]).toEqual([Number.NaN]);
    expect(network.save()).toEqual(before);
  });

  it('predicts where a number is missing, but not where one is infinite', () => {
    const network = make({ engine });
    network.learnMany(samples);
    const [mean] = (network.save() as { scaler: { means: Float64Array } }).scaler.means;
    const missing = network.predict([Number.NaN, 0, 7]);
    expect(missing[0]).toBeCloseTo(network.predict([mean!, 0, 7])[0]!, 6);
    expect(() => network.predict([0, Number.NEGATIVE_INFINITY, 7])).toThrow('x[1] is -Infinity');
  });

  it('keeps what it knows of its inputs when it grows, and fresh ones begin at the mean', () => {
    const network = make({ engine });
    network.learnMany(samples);
    const { scaler: before } = network.save() as { scaler: { counts: Float64Array } };
    for (const inputCount of [4, 40]) {
      const { x } = samples[0]!;
      const predicted = network.predict([...x, ...new Array(network.inputCount - 3).fill(9)]);
      network.grow(inputCount, 2);
      const grown = [...x, ...new Array<number>(inputCount - 3).fill(9)];
      expect(network.predict(grown)).toEqual(predicted);
      const { scaler } = network.save() as { scaler: { counts: Float64Array } };
      expect([...scaler.counts]).toEqual([
        ...before.counts,
        ...new Array<number>(inputCount - 3).fill(0),
      ]);
    }
  });

  it('does not resume from one that does not', () => {
    const plain = make({ engine, standardise: false });
    expect(() => make({ engine }).load(plain.save())).toThrow(RangeError);
    expect(() => plain.load(make({ engine }).save())).toThrow(
      'a network that standardises cannot resume',
    );
  });

  it('says how much each input counts by its z-score', () => {
    const network = make({ engine, sizes: [3, 2] });
    network.learnMany(samples);
    const { x } = samples[0]!;
    // A constant input and a missing one are at their mean: they count for nothing.
    const [first, second, third] = network.explain([x[0]!, Number.NaN, 7]);
    expect(Math.abs(first!)).toBeGreaterThan(0);
    expect(Math.abs(second!) + Math.abs(third!)).toBe(0);
  });
});

it('resumes from the other engine, and grows like it', () => {
  const [reference, simd] = [make({ engine: 'reference' }), make({ engine: 'simd' })];
  reference.learnMany(samples);
  simd.load(reference.save());
  for (const fresh of [[], [4], [4, -2, 9]]) {
    for (const network of [reference, simd]) network.grow(3 + fresh.length, 2);
    for (const [step, { x, y }] of samples.entries()) {
      const grown = [...x, ...fresh.map((size, i) => size * Math.sin(step + i))];
      expect(simd.learn(grown, y)).toBeCloseTo(reference.learn(grown, y), 4);
    }
  }
  const scalers = [reference, simd].map((network) => network.save()['scaler']);
  expect(scalers[1]).toEqual(scalers[0]);
});

it('ends in the same bits by forward, backprop and descend as by learn', () => {
  const [steps, whole] = [make({ engine: 'reference' }), make({ engine: 'reference' })];
  for (const { x, y } of samples) {
    const pass = steps.forward(x);
    steps.descend(pass, steps.backprop(pass, y));
    whole.learn(x, y);
  }
  expect(steps.save()).toEqual(whole.save());
});
