import { describe, expect, it } from 'vitest';
import { hedge } from '../../src/learn/hedge.ts';
import { Network } from '../../src/learn/network.ts';
import { sgd } from '../../src/learn/optimizers/sgd.ts';
import { seedNetwork, singleNetwork } from '../../src/learn/single-network.ts';
import { digest } from './digest.ts';
import { rings, surface } from './pool/streams.ts';

const binary = { task: 'classification', inputCount: 3, outputCount: 2 } as const;
const regression = { task: 'regression', inputCount: 4, outputCount: 1 } as const;

const sluggish = () =>
  new Network({
    sizes: [3, 2],
    activations: ['softmax'],
    loss: 'crossEntropy',
    optimizer: sgd({ learningRate: 1e-9 }),
  });

describe('hedge', () => {
  it('comes to trust the learner that predicts well', () => {
    const mix = hedge([sluggish(), singleNetwork(binary)]);
    for (const { x, y } of rings(800))
      mix.learn(
        x.map((value, i) => value * [1e-6, 1e6, 1][i]!),
        y,
      );
    expect(mix.experts()[1]!.weight).toBeGreaterThan(0.9);
    expect(mix.predict([0, 0, 0])[1]).toBeGreaterThan(0.7);
  });

  it('mixes numbers, and is back from a copy as if it had never stopped', () => {
    const make = () => hedge([singleNetwork(regression), seedNetwork(regression)]);
    const [one, two] = [make(), make()];
    const samples = surface(400);
    for (const { x, y } of samples.slice(0, 200)) one.learn(x, y);
    two.load(one.save());
    for (const { x, y } of samples.slice(200)) {
      const prediction = one.predict(x);
      expect(two.learn(x, y)).toBe(one.learn(x, y));
      expect(one.lastPrediction()).toEqual([...prediction]);
    }
    expect(digest(two.save())).toBe(digest(one.save()));
    expect(one.tensors().map(({ name }) => name)).toContain('1/l0.W');
  });

  it('grows with its learners', () => {
    const mix = hedge([singleNetwork(binary), seedNetwork(binary)]);
    mix.grow(4, 3);
    expect(mix.predict([1, 2, 3, 4])).toHaveLength(3);
    mix.learn([1, 2, 3, 4], [0, 0, 1]);
  });

  it('leaves the mix as it was where a learner refuses the sample', () => {
    const mix = hedge([singleNetwork(binary), seedNetwork(binary)]);
    const before = digest(mix.save());
    expect(() => mix.learn([1, 2, Number.POSITIVE_INFINITY], [1, 0])).toThrow('x[2]');
    expect(digest(mix.save())).toBe(before);
  });

  it('refuses learners that do not fit together', () => {
    expect(() => hedge([])).toThrow('at least one');
    expect(() => hedge([singleNetwork(binary), singleNetwork(regression)])).toThrow('3 inputs');
    const stiff = hedge([{ ...bare }]);
    expect(() => stiff.grow(2, 1)).toThrow('no grow()');
  });
});

const bare = {
  inputCount: 1,
  outputCount: 1,
  predict: (_x: ArrayLike<number>, out = new Float64Array(1)) => out.fill(Number.NaN),
  learn: () => 0,
  save: () => ({}),
  load: () => {},
};
