import { from, lastValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { frozenCopy } from '../../src/client/frozen-copy.ts';
import type { Learner } from '../../src/learn/learner.ts';
import { Network } from '../../src/learn/network.ts';
import type { LayeredCopy, SkipCopy } from '../../src/learn/network-copy.ts';
import { adam } from '../../src/learn/optimizers/adam.ts';
import { skipForward } from '../../src/learn/pool/kernel/skip-net-passes.ts';
import { pool } from '../../src/learn/pool/pool.ts';
import { singleNetwork } from '../../src/learn/single-network.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { serve } from '../../src/node/server/serve.ts';
import { PipelineModel } from '../../src/node/training/pipeline-model.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { decodeFrozen, encodeFrozen } from '../../src/snapshot/frozen-model.ts';
import type { Example } from '../../src/sources/example.ts';

const examples = (count: number): Example[] =>
  Array.from({ length: count }, (_, i) => ({
    features: { a: Math.sin(i), b: i % 7, ...(i % 5 === 0 ? {} : { c: Math.cos(2 * i) }) },
    target: 3 * Math.sin(i) - (i % 7),
  }));

const learned = async (learner: Learner, count = 200): Promise<Pipeline> => {
  const pipeline = new Pipeline({ task: 'regression', learner });
  await lastValueFrom(pipeline.run(from(examples(count))));
  return pipeline;
};

const size = { task: 'regression', inputCount: 1, outputCount: 1 } as const;

describe('a frozen model', () => {
  test('of a network predicts and learns the next sample to the same bits', async () => {
    const options = { sizes: [3, 5, 1], optimizer: adam(), standardise: true } as const;
    const network = new Network(options);
    const pipeline = await learned(network);
    const { frozen } = decodeFrozen(encodeFrozen(pipeline.freeze()));
    // The first example has no c: a bare network refuses what is shorter.
    expect(frozen.step).toBe(199);
    expect(frozen.inputs).toEqual(['a', 'b', 'c']);
    expect(frozen.samples).toHaveLength(32);
    const { memory, optimizer, rate, isBuiltIn } = frozen.network as LayeredCopy;
    expect({ name: optimizer.name, rate, isBuiltIn }).toEqual({
      name: 'adam',
      rate: 1,
      isBuiltIn: true,
    });
    const again = new Network(options);
    again.load(memory);
    const { x, y, step } = frozen.samples.at(-1)!;
    expect(step).toBe(199);
    expect(again.predict(x)).toEqual(network.predict(x));
    expect([again.learn(x, y), network.learn(x, y)].every((cost, _, all) => cost === all[0])).toBe(
      true,
    );
    expect(again.save()).toEqual(network.save());
  });

  test('has missing values as NaN, and the samples of before the learner grew at its present size', async () => {
    const pipeline = await learned(singleNetwork(size), 10);
    const { samples, network } = pipeline.freeze();
    expect(samples.map(({ x }) => x.length)).toEqual(Array(10).fill(3));
    expect(samples.map(({ x }) => Number.isNaN(x[2]))).toEqual(
      examples(10).map(({ features }) => !('c' in features)),
    );
    expect(network!.target!.deviation).toBeGreaterThan(0);
  });

  test('of a pool has the net that is named, which gives the sums of the learner’s own net', async () => {
    const learner = pool(size);
    const pipeline = await learned(learner);
    const { networks } = pipeline.freeze();
    expect(networks.map(({ name }) => name)).toEqual(['fast', 'steady', 'replaying']);
    for (const { name, sizes, parameters } of networks) {
      const copy = pipeline.freeze({ network: name }).network as SkipCopy;
      expect(copy.sizes).toEqual(sizes);
      const counts = Object.values(copy.weights).map(({ length }) => length);
      expect(counts.reduce((sum, count) => sum + count)).toBe(parameters);
      expect(Object.values(copy.squares).map(({ length }) => length)).toEqual(counts);
      const x = pipeline.freeze().samples.at(-1)!.x;
      const z = x.map((value, i) => scored(value, copy.means[i]!, copy.deviations[i]!));
      const { sums } = skipForward(copy.weights, [...z, ...copy.recent]);
      const tensors = learner.tensors().filter((tensor) => tensor.name.startsWith(`${name}/`));
      expect(tensors.map(({ values }) => values.length)).toEqual(counts);
      expect(sums.every(Number.isFinite)).toBe(true);
    }
  });

  test('of a large network only describes it', async () => {
    const pipeline = await learned(singleNetwork(size), 5);
    const { network, networks } = pipeline.freeze({ parametersMax: 100 });
    expect(network).toBeNull();
    expect(networks).toEqual([{ name: 'network', sizes: [3, 64, 1], parameters: 321 }]);
  });

  test('is refused for a network that is not there, and a learner without one', async () => {
    const pipeline = await learned(pool(size), 5);
    expect(() => pipeline.freeze({ network: 'slow' })).toThrow(
      'there is no network slow in this learner; there are fast, steady, replaying',
    );
    const bare: Learner = { ...mean, inputCount: 1, outputCount: 1 };
    const other = new Pipeline({ task: 'regression', learner: bare });
    expect(() => other.freeze()).toThrow('this learner has no network that can be copied');
  });

  test('of a network with more parameters than the limit of the server is described over HTTP', async () => {
    const pipeline = await learned(singleNetwork(size), 5);
    const server = await serve(
      { broadcaster: broadcaster({ name: 'm' }), model: new PipelineModel(pipeline) },
      { port: 0, limits: { frozenParameters: 320 } },
    );
    try {
      const copy = await frozenCopy(new URL('v1/', server.url));
      expect(copy.network).toBeNull();
      expect(copy.networks).toEqual([{ name: 'network', sizes: [3, 64, 1], parameters: 321 }]);
    } finally {
      await server.close();
    }
  });

  test('comes over HTTP with the role read, and the server’s own words where it is refused', async () => {
    const pipeline = await learned(pool(size), 20);
    const shown = broadcaster({ name: 'm' });
    const tokens = [
      { token: 'reader', roles: ['read'] },
      { token: 'none', roles: ['predict'] },
    ] as const;
    const server = await serve(
      { broadcaster: shown, model: new PipelineModel(pipeline) },
      { port: 0, tokens },
    );
    try {
      const url = new URL('v1/', server.url);
      const copy = await frozenCopy(url, { token: 'reader', network: 'steady' });
      expect(copy).toMatchObject({ model: 'm', step: 20, network: { name: 'steady' } });
      expect(copy.epoch).toBe(shown.epoch.name);
      await expect(frozenCopy(url, { token: 'reader', network: 'slow' })).rejects.toThrow(
        /^there is no network slow/,
      );
      await expect(frozenCopy(url, { token: 'none' })).rejects.toThrow('read');
    } finally {
      await server.close();
    }
  });
});

const scored = (x: number, mean: number, deviation: number): number =>
  Number.isNaN(x) || deviation === 0 ? 0 : Math.max(-5, Math.min(5, (x - mean) / deviation));

/** A user's learner without a network. */
const mean = {
  predict: () => new Float64Array(1),
  learn: () => 0,
  save: () => ({}),
  load() {},
};
