import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareCase, type GoldenFile } from '../../bench/golden-case.ts';
import { Network } from '../../src/learn/network.ts';
import type { NetworkOptions } from '../../src/learn/network-options.ts';
import { adam, rmsprop, sgd } from '../../src/learn/optimizers/index.ts';
import { SampleError } from '../../src/stream/rejection.ts';

const golden = JSON.parse(
  readFileSync(new URL('../golden/training.json', import.meta.url), 'utf8'),
) as GoldenFile;

const make = (options: Partial<NetworkOptions> = {}): Network =>
  new Network({ sizes: [3, 4, 2], engine: 'reference', ...options });

const x = [0.5, -1, 2];
const y = [1, 0];

const flat = (network: Network): number[] =>
  network.parameters().flatMap(({ weights, biases }) => [...weights, ...biases]);

describe('a network on the reference engine', () => {
  test.each(golden.cases.map((one, i) => ({ i, one })))(
    'agrees with PyTorch in golden case $i: predictions, costs, gradients, parameters',
    ({ one }) => {
      expect(compareCase(one, 'reference').worst).toBeLessThan(1e-12);
    },
  );

  test('costs ½‖y − h‖² by default, from before the update', () => {
    const network = make();
    const h = network.predict(x);
    const cost = ((y[0]! - h[0]!) ** 2 + (y[1]! - h[1]!) ** 2) / 2;
    expect(network.learn(x, y)).toBeCloseTo(cost, 15);
    expect(network.lastPrediction()).toEqual([...h]);
    expect(network.predict(x)).not.toEqual(h);
  });

  test('changes nothing when it predicts', () => {
    const network = make();
    const before = network.save();
    for (let i = 0; i < 10; i++) network.predict([i, -i, 1]);
    expect(network.save()).toEqual(before);
  });

  test('is made the same by the same seed, and not by another', () => {
    expect(flat(make({ seed: 5 }))).toEqual(flat(make({ seed: 5 })));
    expect(flat(make({ seed: 5 }))).not.toEqual(flat(make({ seed: 6 })));
  });

  test('gives copies: what a caller does to them moves nothing', () => {
    const network = make();
    const before = flat(network);
    network.parameters()[0]!.weights.fill(9);
    (network.tensors()[0]!.values as Float64Array).fill(9);
    network.lastPrediction().fill(9);
    expect(flat(network)).toEqual(before);
  });

  test('counts the gradient of a sample as often as its weight says', () => {
    const once = make({ optimizer: sgd({ learningRate: 0.2 }) });
    const double = make({ optimizer: sgd({ learningRate: 0.1 }) });
    once.learn(x, y);
    double.learn(x, y, 2);
    for (const [i, value] of flat(once).entries()) expect(flat(double)[i]).toBeCloseTo(value, 14);
  });

  test('takes a part that a user wrote', () => {
    const square = {
      name: 'square',
      forward: (z: Float64Array, h: Float64Array) => h.set(z.map((v) => v * v)),
      backward: ({ z }: { z: Float64Array }, gradient: Float64Array, out: Float64Array): void =>
        out.set(gradient.map((g, i) => 2 * z[i]! * g)),
    };
    const network = make({
      activations: [square, 'identity'],
      optimizer: sgd({ learningRate: 0.01 }),
    });
    expect(network.engine).toBe('reference');
    const first = network.learn(x, y);
    for (let i = 0; i < 200; i++) network.learn(x, y);
    expect(network.learn(x, y)).toBeLessThan(first / 10);
  });
});

describe('the limits of a network', () => {
  test('weight decay pulls weights to zero, and no bias', () => {
    const network = make({ weightDecay: 0.5, optimizer: sgd({ learningRate: 0.1 }) });
    const before = network.parameters();
    network.learn(x, y, 0);
    const after = network.parameters();
    expect(after[0]!.weights[0]).toBeCloseTo(before[0]!.weights[0]! * 0.95, 14);
    expect(after[0]!.biases).toEqual(before[0]!.biases);
  });

  test('a gradient clip bounds the length of a step', () => {
    const network = make({ gradientClip: 0.01, optimizer: sgd({ learningRate: 1 }) });
    const before = flat(network);
    network.learn([50, 50, 50], y);
    const length = Math.hypot(...flat(network).map((value, i) => value - before[i]!));
    expect(length).toBeCloseTo(0.01, 10);
  });

  test('an output change cap keeps a learner alive at a hundred times a good rate', () => {
    const wild = { learningRate: 3, decay: 0.999, biasCorrection: true };
    const options = { activations: ['relu', 'softmax'], loss: 'crossEntropy' } as const;
    const capped = make({ ...options, optimizer: rmsprop(wild), outputChangeCap: 2 });
    const free = make({ ...options, optimizer: rmsprop(wild) });
    const moved = (network: Network): number => {
      const before = flat(network);
      network.learn(x, y);
      return Math.hypot(...flat(network).map((value, i) => value - before[i]!));
    };
    expect(moved(capped)).toBeLessThan(moved(free) / 2);
  });

  test('a schedule scales the learning rate step by step', () => {
    const seen: number[] = [];
    const schedule = (step: number): number => {
      seen.push(step);
      return step === 0 ? 1 : 0;
    };
    const network = make({ schedule });
    network.learn(x, y);
    const frozen = flat(network);
    network.learn(x, y);
    expect(flat(network)).toEqual(frozen);
    expect(seen).toEqual([0, 1]);
  });
});

describe('what a network remembers', () => {
  const adaptive = { optimizer: adam({ learningRate: 0.05 }) };

  test('resumes bit for bit from what was saved', () => {
    const through = make(adaptive);
    for (let i = 0; i < 30; i++) through.learn([i % 3, 1, -1], y);
    const first = make(adaptive);
    for (let i = 0; i < 12; i++) first.learn([i % 3, 1, -1], y);
    const second = make({ ...adaptive, seed: 99 });
    second.load(structuredClone(first.save()));
    for (let i = 12; i < 30; i++) second.learn([i % 3, 1, -1], y);
    expect(second.save()).toEqual(through.save());
  });

  test('grows without forgetting: what is new counts nothing at first, then learns', () => {
    const network = make(adaptive);
    for (let i = 0; i < 50; i++) network.learn(x, y);
    const before = network.predict(x);
    network.grow(5, 3);
    expect(network.sizes).toEqual([5, 4, 3]);
    expect([...network.predict([...x, 7, -7])].slice(0, 2)).toEqual([...before]);
    const column = network.parameters()[0]!.weights[3]!;
    expect(column).toBe(0);
    network.learn([...x, 1, 1], [0, 0, 1]);
    // Fresh memory: the first step of Adam has the length of its learning rate.
    expect(Math.abs(network.parameters()[0]!.weights[3]!)).toBeCloseTo(0.05, 3);
  });

  test('saves after growing, and loads into a network of the first size', () => {
    const grown = make(adaptive);
    grown.grow(4, 3);
    grown.learn([1, 2, 3, 4], [0, 0, 1]);
    const other = make(adaptive);
    other.load(grown.save());
    expect(other.sizes).toEqual([4, 4, 3]);
    expect(other.learn([4, 3, 2, 1], [1, 0, 0])).toBe(grown.learn([4, 3, 2, 1], [1, 0, 0]));
  });

  test('does not shrink, nor load the memory of another shape', () => {
    expect(() => make().grow(2, 2)).toThrow(RangeError);
    expect(() => make().load(make({ sizes: [3, 9, 2] }).save())).toThrow(/cannot resume/);
  });
});

describe('bad input', () => {
  test.each([
    { sizes: [3] },
    { sizes: [3, 0, 1] },
    { sizes: [3, -4, 1] },
    { sizes: [3, 2.5, 1] },
    { sizes: [2 ** 20, 2 ** 10, 1] },
    { activations: ['sigmoid'] as const },
    { weightDecay: -1 },
  ])('refuses to make %o', (bad) => {
    expect(() => make(bad)).toThrow(/must|ask for|at least/);
  });

  test('names the parts that there are when one is unknown', () => {
    expect(() => make({ loss: 'hinge' as 'huber' })).toThrow(/no loss is called hinge.*huber/);
  });

  test.each([
    { bad: [1, 2], code: 'shape', says: 'x has 2 numbers; the network takes 3' },
    { bad: [1, Number.NaN, 2], code: 'value', says: 'x[1] is NaN, which is not a finite number' },
    { bad: [1, 2, Number.POSITIVE_INFINITY], code: 'value', says: 'x[2] is Infinity' },
  ])('refuses x = $bad before any weight has changed', ({ bad, code, says }) => {
    const network = make();
    const before = network.save();
    expect(() => network.learn(bad, y)).toThrow(says);
    expect(() => network.predict(bad)).toThrow(SampleError);
    try {
      network.learn(bad, y);
    } catch (error) {
      expect((error as SampleError).code).toBe(code);
    }
    expect(network.save()).toEqual(before);
  });

  test.each([
    { y: [1], weight: 1 },
    { y: [1, Number.NaN], weight: 1 },
    { y, weight: -1 },
    { y, weight: Number.NaN },
  ])('refuses $y with weight $weight before any weight has changed', ({ y: bad, weight }) => {
    const network = make();
    const before = network.save();
    expect(() => network.learn(x, bad, weight)).toThrow(SampleError);
    expect(network.save()).toEqual(before);
  });
});

describe('explain', () => {
  test('is exact for a network without hidden layers: w times x', () => {
    const network = make({ sizes: [3, 2], activations: ['softmax'], loss: 'crossEntropy' });
    const { weights } = network.parameters()[0]!;
    expect([...network.explain(x)]).toEqual([...weights].map((w, i) => w * x[i % 3]!));
  });

  test('is gradient times input elsewhere', () => {
    const network = make({ activations: ['tanh', 'identity'] });
    const contributions = network.explain(x);
    const step = 1e-6;
    const moved = (by: number): number => network.predict([x[0]! + by, x[1]!, x[2]!])[1]!;
    const slope = (moved(step) - moved(-step)) / (2 * step);
    expect(contributions[3]).toBeCloseTo(slope * x[0]!, 7);
  });

  test('refuses inputs that are not finite, with the error of predict', () => {
    const network = make({ activations: ['tanh', 'identity'] });
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `x[1] is ${bad}, which is not a finite number`;
      expect(() => network.predict([0, bad, 0])).toThrow(message);
      expect(() => network.explain([0, bad, 0])).toThrow(message);
    }
  });

  test('takes a missing input where the network standardises', () => {
    const network = make({ activations: ['tanh', 'identity'], standardise: true });
    const contributions = network.explain([1, Number.NaN, 2]);
    expect([...contributions].every(Number.isFinite)).toBe(true);
  });
});
