import { concat, from, map, NEVER, type Observable, of, retry, Subject, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import type { Learner } from '../../src/learn/learner.ts';
import type { Rollback } from '../../src/learn/learning.ts';
import { Network } from '../../src/learn/network.ts';
import type { NetworkOptions } from '../../src/learn/network-options.ts';
import { backprop, descend, forward, learn, predict } from '../../src/learn/operators.ts';
import { adam, sgd } from '../../src/learn/optimizers/index.ts';
import { initialRandom, randomNormal } from '../../src/math/random.ts';
import type { Sample } from '../../src/sources/sample.ts';
import type { Rejection } from '../../src/stream/rejection.ts';

const network = (options: Partial<NetworkOptions> = {}): Network =>
  new Network({ sizes: [2, 3, 1], engine: 'reference', ...options });

const randomSamples = (count: number): Sample[] => {
  const random = initialRandom(1);
  return Array.from({ length: count }, () => {
    const x = [randomNormal(random), randomNormal(random)];
    return { x, y: [x[0]! * x[1]! > 0 ? 1 : 0] };
  });
};

const collect = <T>(stream: Observable<T>): { values: T[]; error: unknown; completed: boolean } => {
  const seen = { values: [] as T[], error: undefined as unknown, completed: false };
  stream.subscribe({
    next: (value) => seen.values.push(value),
    error: (error: unknown) => {
      seen.error = error;
    },
    complete: () => {
      seen.completed = true;
    },
  });
  return seen;
};

const toOnes = map(() => 1);

describe('learn', () => {
  test('emits each sample with the prediction and the cost from before its update', () => {
    const learner = network();
    const twin = network();
    const samples = randomSamples(20);
    const { values, completed } = collect(from(samples).pipe(learn(learner)));
    expect(completed).toBe(true);
    for (const [i, { step, sample, prediction, cost }] of values.entries()) {
      expect(step).toBe(i + 1);
      expect(sample).toBe(samples[i]);
      expect(Float64Array.from(prediction)).toEqual(twin.predict(samples[i]!.x));
      expect(cost).toBe(twin.learn(samples[i]!.x, samples[i]!.y!));
    }
  });

  test('ends in the same bits as forward, backprop and descend, for every optimizer tried', () => {
    for (const optimizer of [sgd({ learningRate: 0.3 }), adam({ learningRate: 0.02 })]) {
      const options = { optimizer, outputChangeCap: 1, weightDecay: 0.01 };
      const fused = network(options);
      const composed = network(options);
      const samples = randomSamples(100);
      const one = collect(from(samples).pipe(learn(fused)));
      const three = collect(
        from(samples).pipe(forward(composed), backprop(composed), descend(composed)),
      );
      expect(three.values).toEqual(one.values);
      expect(composed.save()).toEqual(fused.save());
    }
  });

  test('predicts a sample without y, and learns nothing from it', () => {
    const learner = network();
    const before = learner.save();
    const { values } = collect(of({ x: [1, 2] }).pipe(learn(learner)));
    expect(values[0]).toMatchObject({ step: 0, prediction: learner.predict([1, 2]) });
    expect(values[0]!.cost).toBeNaN();
    expect(learner.save()).toEqual(before);
  });

  test('sends a bad sample to rejected, with its reason, index and id, and continues', () => {
    const rejected = new Subject<Rejection>();
    const rejections = collect(rejected).values;
    const samples = [
      { x: [1, 1], y: [1] },
      { x: [1], y: [1], id: 'b' },
      { x: [0, 1], y: [0] },
    ];
    const { values, error } = collect(from(samples).pipe(learn(network(), { rejected })));
    expect(values.map(({ step }) => step)).toEqual([1, 2]);
    expect(error).toBeUndefined();
    expect(rejections).toEqual([
      { code: 'shape', index: 1, id: 'b', reason: 'x has 1 numbers; the network takes 2' },
    ]);
  });

  test('never overwrites what it has emitted', () => {
    const { values } = collect(from(randomSamples(10)).pipe(learn(network())));
    const copies = values.map(({ prediction }) => Array.from(prediction));
    collect(from(randomSamples(50)).pipe(learn(network())));
    expect(values.map(({ prediction }) => Array.from(prediction))).toEqual(copies);
    expect(new Set(copies.map(String)).size).toBe(10);
  });

  test('grows a learner only with `growing`', () => {
    const samples = [
      { x: [1, 1], y: [1] },
      { x: [1, 1, 1], y: [0, 1] },
    ];
    const fixed = network();
    expect(collect(from(samples).pipe(learn(fixed))).values).toHaveLength(1);
    const growing = network();
    expect(collect(from(samples).pipe(learn(growing, { growing: true }))).values).toHaveLength(2);
    expect(growing.sizes).toEqual([3, 3, 2]);
  });
});

describe("the learner's lock", () => {
  test('gives a second subscriber an error that says to share, and leaves the first alone', () => {
    const learner = network();
    const samples = new Subject<Sample>();
    const first = collect(samples.pipe(learn(learner)));
    const second = collect(samples.pipe(learn(learner)));
    expect(String(second.error)).toMatch(/share\(\)/);
    samples.next({ x: [1, 1], y: [1] });
    samples.complete();
    expect(first.values).toHaveLength(1);
    expect(first.completed).toBe(true);
  });

  test('is one lock for learn and for descend', () => {
    const learner = network();
    collect(NEVER.pipe(learn(learner)));
    const other = NEVER.pipe(forward(learner), backprop(learner), descend(learner));
    expect(String(collect(other).error)).toMatch(/share/);
  });

  test('goes when the subscription ends: by completion, by an error, by unsubscribing', () => {
    const learner = network();
    const updates = from(randomSamples(3)).pipe(learn(learner));
    const twice = collect(concat(updates, updates));
    expect(twice.values.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(twice.completed).toBe(true);
    NEVER.pipe(learn(learner)).subscribe().unsubscribe();
    collect(throwError(() => new Error('lost')).pipe(learn(learner)));
    expect(collect(updates).values).toHaveLength(3);
  });

  test('does not hold the count of samples: it is of the learner, whichever operator trains it', () => {
    const learner = network();
    const stepsOf = (operator: ReturnType<typeof learn>): number[] =>
      collect(from(randomSamples(3)).pipe(operator)).values.map(({ step }) => step);
    expect(stepsOf(learn(learner))).toEqual([1, 2, 3]);
    expect(stepsOf(learn(learner))).toEqual([4, 5, 6]);
    const composed = from(randomSamples(1)).pipe(forward(learner), backprop(learner));
    expect(collect(composed.pipe(descend(learner))).values.map(({ step }) => step)).toEqual([7]);
    const memory = { step: 100 };
    expect(stepsOf(learn(learner, { memory }))).toEqual([101, 102, 103]);
    expect(stepsOf(learn(learner))).toEqual([104, 105, 106]);
    expect(memory).toEqual({ step: 106 });
    expect(stepsOf(learn(network()))).toEqual([1, 2, 3]);
  });

  test('lets retry continue with the weights and the count as they were', () => {
    const learner = network();
    let attempts = 0;
    const flaky = concat(
      from(randomSamples(5)),
      throwError(() => new Error(`attempt ${++attempts}`)),
    );
    const { values, error } = collect(flaky.pipe(learn(learner), retry(2)));
    expect(values.map(({ step }) => step)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
    expect(String(error)).toMatch('attempt 3');
  });
});

describe('weights that are no longer finite', () => {
  const wild = (): Network =>
    network({ activations: ['identity', 'identity'], optimizer: sgd({ learningRate: 1e200 }) });

  test('return to the last good state; it is reported, and the stream continues', () => {
    const rollbacks: Rollback[] = [];
    const learner = wild();
    const { values, error, completed } = collect(
      from(randomSamples(50)).pipe(
        learn(learner, {
          copyEvery: 1,
          rolledBack: { next: (r) => rollbacks.push(r) },
          rejected: { next() {} },
        }),
      ),
    );
    expect(error).toBeUndefined();
    expect(completed).toBe(true);
    expect(rollbacks.length).toBeGreaterThan(0);
    expect(values.every(({ cost }) => Number.isFinite(cost))).toBe(true);
  });

  /** Counts samples. At one of them its cost is not finite, once. */
  const failingAt = (bad: number, numbers = 1): Learner & { state: number } => {
    let step = 0;
    return {
      inputCount: 1,
      outputCount: 1,
      state: 0,
      predict: () => Float64Array.of(0),
      learn() {
        step += 1;
        this.state += 1;
        return step === bad ? Number.NaN : 1;
      },
      save() {
        return { state: this.state, ballast: new Float64Array(numbers) };
      },
      load(memory) {
        this.state = memory['state'] as number;
      },
    };
  };

  const rollbacksOf = (learner: Learner, copyEvery?: number): Rollback[] => {
    const rollbacks: Rollback[] = [];
    const samples = Array.from({ length: 3_000 }, () => ({ x: [1], y: [1] }));
    collect(
      from(samples).pipe(
        learn(learner, {
          ...(copyEvery !== undefined && { copyEvery }),
          rolledBack: { next: (rollback) => rollbacks.push(rollback) },
        }),
      ),
    );
    return rollbacks;
  };

  test('are copied after copyEvery samples, so that no more than those are undone', () => {
    const learner = failingAt(8);
    expect(rollbacksOf(learner, 3)).toEqual([{ step: 7, undone: 1 }]);
    expect(learner.state).toBe(2_999);
  });

  test('are copied after 1,000 samples by default, or after a 16th of what a large learner remembers', () => {
    expect(rollbacksOf(failingAt(1_500))).toEqual([{ step: 1_499, undone: 499 }]);
    expect(rollbacksOf(failingAt(1_500, 32_000))).toEqual([{ step: 1_499, undone: 1_499 }]);
    expect(rollbacksOf(failingAt(2_500, 32_000))).toEqual([{ step: 2_499, undone: 498 }]);
  });

  test('are not taken back beyond what another operator has learned since', () => {
    const learner = failingAt(15);
    const samples = Array.from({ length: 6 }, () => ({ x: [1], y: [1] }));
    const rollbacks: Rollback[] = [];
    const one = learn(learner, { rolledBack: { next: (rollback) => rollbacks.push(rollback) } });
    collect(from(samples).pipe(one));
    collect(from(samples).pipe(learn(learner)));
    collect(from(samples).pipe(one));
    expect(rollbacks).toEqual([{ step: 14, undone: 2 }]);
    expect(learner.state).toBe(16);
  });

  test('refuses a copyEvery below 1, and growing without grow()', () => {
    expect(() => learn(network(), { copyEvery: 0 })).toThrow(RangeError);
    const stiff = { inputCount: 1, outputCount: 1 } as Learner;
    expect(() => learn(stiff, { growing: true })).toThrow(TypeError);
  });
});

describe('forward, backprop and descend', () => {
  test('keep every z, h, delta and gradient of a sample, safe from later ones', () => {
    const learner = network();
    const [first, second] = randomSamples(2);
    const passes = collect(of(first!, second!).pipe(forward(learner), backprop(learner))).values;
    const { z, h, deltas, gradients } = passes[0]!;
    expect(h.map((v) => v.length)).toEqual([2, 3, 1]);
    expect(z.map((v) => v.length)).toEqual([3, 1]);
    expect(deltas.map((v) => v.length)).toEqual([3, 1]);
    expect(gradients[0]!.weights[0]).toBe(deltas[0]![0]! * first!.x[0]!);
    expect(passes[1]!.h[1]).not.toEqual(h[1]);
  });

  test('refuse a sample without y at backprop', () => {
    const rejections: Rejection[] = [];
    const learner = network();
    const rejected = { next: (r: Rejection) => rejections.push(r) };
    collect(of({ x: [1, 1] }).pipe(forward(learner), backprop(learner, { rejected })));
    expect(rejections[0]).toMatchObject({ code: 'label', index: 0 });
  });
});

const operators: Record<string, (source: Observable<Sample>) => Observable<unknown>> = {
  learn: (source) => source.pipe(learn(network())),
  forward: (source) => source.pipe(forward(network())),
  backprop: (source) => source.pipe(forward(network()), backprop(network())),
  descend: (source) => {
    const one = network();
    return source.pipe(forward(one), backprop(one), descend(one));
  },
  predict: (source) => source.pipe(predict(network())),
};

describe.each(Object.entries(operators))('the stream of %s', (_name, operator) => {
  const values = { a: { x: [1, 2], y: [1] }, b: { x: [2, 1], y: [0] } };

  test.each([
    ['never', '-', '^!', '-'],
    ['empty', '|', '^!', '|'],
    ['one and many values', '-a-b-a-|', '^------!', '-1-1-1-|'],
    ['an error', '-a-#', '^--!', '-1-#'],
    ['endless', '-a-b-a-b-', '^--------', '-1-1-1-1-'],
  ])('passes on: %s', (_case, source, _subscribed, expected) => {
    const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
    scheduler.run(({ hot, expectObservable }) => {
      const counted = operator(hot(source, values)).pipe(toOnes);
      expectObservable(counted).toBe(expected, { 1: 1 });
    });
  });

  test('leaves the source when it is unsubscribed early', () => {
    const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
    scheduler.run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-a-b-a-', values);
      expectObservable(operator(source).pipe(toOnes), '^---!').toBe('-1-1-', { 1: 1 });
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });
});
