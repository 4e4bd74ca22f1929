import { from, lastValueFrom, Observable, of, tap, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { lags } from '../src/encode/lags.ts';
import { joinLabels } from '../src/encode/operators.ts';
import { scaler } from '../src/encode/standardise.ts';
import { classificationMetrics, regressionMetrics } from '../src/evaluate/standard-metrics.ts';
import type { Learner } from '../src/learn/learner.ts';
import { Network } from '../src/learn/network.ts';
import { sgd } from '../src/learn/optimizers/index.ts';
import { pool } from '../src/learn/pool/pool.ts';
import { singleNetwork } from '../src/learn/single-network.ts';
import { initialRandom, randomNormal } from '../src/math/random.ts';
import { Pipeline, type PipelineOptions } from '../src/pipeline.ts';
import { nonFiniteIn } from '../src/snapshot/finite-memory.ts';
import type { Snapshot, StreamEvent } from '../src/snapshot/snapshot.ts';
import type { Example } from '../src/sources/example.ts';
import { pace } from '../src/stream/pace.ts';
import type { Rejection } from '../src/stream/rejection.ts';

const network = (): Learner =>
  new Network({ sizes: [2, 8, 2], optimizer: sgd({ learningRate: 0.5 }), engine: 'reference' });

const size = { task: 'classification' } as const;

const stub: Learner = {
  inputCount: 1,
  outputCount: 2,
  predict: (_x, out = new Float64Array(2)) => out,
  learn: () => 0,
  save: () => ({}),
  load: () => {},
  grow: () => {},
};

/** A learner of somebody's own that is ruined by the target 13, though its costs are finite. */
const fragile = (): Learner => {
  let sum = 0;
  return {
    ...{ inputCount: 1, outputCount: 1, grow() {} },
    predict: (_x, out = new Float64Array(1)) => out.fill(Number.isNaN(sum) ? sum : 0),
    learn(_x, y) {
      sum = y[0] === 13 ? Number.NaN : sum + y[0]!;
      return 1;
    },
    save: () => ({ sum }),
    load(memory) {
      sum = memory['sum'] as number;
    },
  };
};

const flowers = (count: number): Example[] => {
  const random = initialRandom(3);
  return Array.from({ length: count }, (_, i) => {
    const [a, b] = [randomNormal(random), randomNormal(random)];
    return { features: { a: 100 + 10 * a, b }, target: a > b ? 'rose' : 'tulip', id: `${i}` };
  });
};

class Recorder {
  readonly snapshots: Snapshot[] = [];
  readonly events: StreamEvent[] = [];
  readonly rejections: Rejection[] = [];
  publish(snapshot: Snapshot): void {
    this.snapshots.push(snapshot);
  }
  event(event: StreamEvent): void {
    this.events.push(event);
  }
  reject(rejection: Rejection): void {
    this.rejections.push(rejection);
  }
}

const make = (options: Partial<PipelineOptions> = {}): Pipeline =>
  new Pipeline({
    task: 'classification',
    learner: network(),
    scaling: scaler() as PipelineOptions['scaling'] & object,
    metrics: classificationMetrics(),
    ...options,
  });

const last = (snapshots: Observable<Snapshot>): Promise<Snapshot> => lastValueFrom(snapshots);

describe('the pipeline', () => {
  test('takes records to snapshots: encoded, standardised, learned from, evaluated', async () => {
    const audience = new Recorder();
    const pipeline = make({ audience });
    const snapshot = await last(pipeline.run(from(flowers(2000))));
    expect(snapshot).toMatchObject({ step: 2000, rejected: 0, classes: ['rose', 'tulip'] });
    expect(snapshot.cost.count).toBe(2000);
    expect(snapshot.metrics['accuracy']).toBeGreaterThan(0.9);
    expect(snapshot.baseline['accuracy']).toBeLessThan(0.6);
    expect(snapshot.predictions.at(-1)).toMatchObject({ step: 2000, id: '1999' });
    expect(snapshot.tensors.map(({ name }) => name)).toEqual(['l0.W', 'l0.b', 'l1.W', 'l1.b']);
    expect(audience.snapshots.at(-1)).toBe(snapshot);
  });

  test('predicts from records, and changes nothing by it', async () => {
    const pipeline = make();
    await last(pipeline.run(from(flowers(500))));
    const before = pipeline.save();
    const [rose, tulip] = pipeline.predict({ features: { a: 130, b: -2, unheard: 'of' } });
    expect(rose).toBeGreaterThan(tulip!);
    expect(pipeline.save()).toEqual(before);
  });

  test('explains a prediction by the names of the features, and changes nothing by it', async () => {
    const pipeline = make({ learner: pool({ ...size, inputCount: 2, outputCount: 2 }) });
    await last(pipeline.run(from(flowers(500))));
    const before = pipeline.save();
    const [rose, tulip] = pipeline.explain({ features: { a: 130, b: -2 } });
    expect(Object.keys(rose!)).toEqual(['a', 'b']);
    expect(rose!['a']).toBeGreaterThan(tulip!['a']!);
    expect(rose!['b']).toBeGreaterThan(tulip!['b']!);
    expect(pipeline.save()).toEqual(before);
    expect(() => make({ learner: stub }).explain({ features: {} })).toThrow(/cannot tell why/);
  });

  test('shows what each stage rejects, and continues', async () => {
    const audience = new Recorder();
    const pipeline = make({ audience });
    const [first, second] = flowers(2);
    const endless = { features: { a: Number.POSITIVE_INFINITY, b: 1 }, target: 'rose' };
    const snapshot = await last(pipeline.run(of(first!, endless, second!)));
    expect(snapshot).toMatchObject({ step: 2, rejected: 1 });
    expect(audience.rejections[0]).toMatchObject({ code: 'value', index: 1 });
  });

  test('grows with new names and new classes', async () => {
    const learner = network();
    const pipeline = make({ learner });
    const late: Example = { features: { a: 100, b: 0, c: 3 }, target: 'violet' };
    await last(pipeline.run(from([...flowers(100), late, late])));
    expect(learner.inputCount).toBe(3);
    expect(learner.outputCount).toBe(3);
    expect(pipeline.classes).toEqual(['rose', 'tulip', 'violet']);
  });

  test('learns a regression', async () => {
    const learner = new Network({ sizes: [2, 1], activations: ['identity'], engine: 'reference' });
    const pipeline = make({ task: 'regression', learner, metrics: regressionMetrics() });
    const rows = flowers(500).map(({ features }) => ({ features, target: Number(features['b']) }));
    const snapshot = await last(pipeline.run(from(rows)));
    expect(snapshot.metrics['mae']).toBeLessThan(0.2);
    expect(snapshot.classes).toBeUndefined();
  });

  test('scores a late label by what was predicted when its example came', async () => {
    const rows = flowers(400);
    const asked = rows.map(({ features, id }) => ({ features, id: id! }));
    const labels = rows.map(({ id, target }) => ({ id: id!, target: target! }));
    const pipeline = make();
    const late = await last(pipeline.run(joinLabels(from(asked), from(labels))));
    expect(pipeline.step).toBe(400);
    // Nothing was learned yet when all of them were requested.
    expect(late.metrics['accuracy']).toBeLessThan(0.65);
    const prompt = await last(make().run(from(rows)));
    expect(prompt.metrics['accuracy']).toBeGreaterThan(0.8);
  });

  test('learns from the past, predicts with it, and saves it', async () => {
    const rows = Array.from({ length: 600 }, (_, i) => ({
      features: { a: (i * i) % 7 },
      target: i < 1 ? 0 : ((i - 1) * (i - 1)) % 7,
    }));
    const regression = (): Pipeline =>
      new Pipeline({
        task: 'regression',
        learner: singleNetwork({ task: 'regression', inputCount: 1, outputCount: 1 }),
        metrics: regressionMetrics(),
        preparation: lags({ of: 'a' }),
      });
    const whole = regression();
    const { metrics } = await last(whole.run(from(rows)));
    expect(metrics['mae']).toBeLessThan(0.6);
    const half = regression();
    await last(half.run(from(rows.slice(0, 300))));
    const resumed = regression();
    resumed.load(half.save());
    await last(resumed.run(from(rows.slice(300))));
    const next = { features: { a: (600 * 600) % 7 } };
    expect(resumed.predict(next)).toEqual(whole.predict(next));
    expect(Math.abs(whole.predict(next)[0]! - ((599 * 599) % 7))).toBeLessThan(1);
  });

  test('resumes bit for bit from what it saved', async () => {
    const rows = flowers(300);
    const through = make();
    await last(through.run(from(rows)));
    const first = make();
    await last(first.run(from(rows.slice(0, 120))));
    const second = make();
    second.load(first.save());
    expect(second.step).toBe(120);
    await last(second.run(from(rows.slice(120))));
    expect(second.save()).toEqual(through.save());
  });

  test('saves for a checkpoint only what is finite, after it has rolled a learner back', async () => {
    const recorder = new Recorder();
    const learner = fragile();
    const pipeline = new Pipeline({ task: 'regression', learner, audience: recorder });
    const examples = [1, 2, 3, 13].map((target) => ({ features: { a: target }, target }));
    await lastValueFrom(pipeline.run(from(examples.slice(0, 3))));
    expect(pipeline.saveFinite()).toEqual(pipeline.save());
    expect(recorder.events).toEqual([]);
    await lastValueFrom(pipeline.run(from(examples.slice(3))));
    expect(pipeline.predict(examples[0]!)).toEqual(Float64Array.of(Number.NaN));
    expect(nonFiniteIn(pipeline.saveFinite())).toBeUndefined();
    expect(recorder.events).toMatchObject([{ kind: 'rollback', step: 4 }]);
    expect(pipeline.predict(examples[0]!)).toEqual(Float64Array.of(0));
  });

  test('learns a burst bit for bit as it learns one by one', async () => {
    const examples = flowers(300);
    // What one of them changes for the next: a new name, a new class, one that is refused.
    examples.splice(100, 0, { features: { a: 1, b: 2, c: 'new' }, target: 'lily' });
    examples.splice(50, 0, { features: { a: Number.NaN }, target: 'rose' });
    const learned = async (source: Observable<Example>) => {
      const pipeline = make({ learner: pool({ ...size, inputCount: 2, outputCount: 2 }) });
      await last(pipeline.run(source));
      return pipeline;
    };
    const oneByOne = await learned(from(examples));
    const inBursts = await learned(pace(examples));
    expect(inBursts.step).toBe(301);
    expect(inBursts.rejected).toBe(1);
    expect(inBursts.save()).toEqual(oneByOne.save());
  });

  test('has learned what has arrived when it answers, in the middle of a burst too', async () => {
    const makePool = () => make({ learner: pool({ ...size, inputCount: 2, outputCount: 2 }) });
    const asked = (pipeline: Pipeline) => (example: Example) => ({
      predicted: pipeline.predict(example),
      step: pipeline.step,
      count: pipeline.cost.count,
    });
    const answers = (pipeline: Pipeline, source: Observable<Example>) => {
      const seen: unknown[] = [];
      const ask = asked(pipeline);
      return last(pipeline.run(source.pipe(tap((example) => seen.push(ask(example)))))).then(
        () => seen,
      );
    };
    const rows = flowers(200);
    const expected = await answers(makePool(), from(rows));
    expect(expected[150]).toMatchObject({ step: 150, count: 150 });
    expect(await answers(makePool(), pace(rows))).toEqual(expected);
  });

  test('refuses what is no example, before any stage has changed', async () => {
    const audience = new Recorder();
    const none = [null, undefined, 3, 'x', {}, { features: null }] as unknown as Example[];
    const pipeline = make({ audience, preparation: lags({ of: ['a', 'target'] }) });
    await last(pipeline.run(from([...flowers(10), ...none, ...flowers(10)])));
    expect(pipeline.step).toBe(20);
    expect(audience.rejections.map(({ code, index }) => [code, index])).toEqual(
      none.map((_, i) => ['shape', 10 + i]),
    );
    expect(audience.rejections[0]?.reason).toBe('the example is null: expected a record of values');
  });

  test('announces that the stream has changed', async () => {
    const audience = new Recorder();
    const flipped = flowers(4000).map((row, i) =>
      i < 2000 ? row : { ...row, target: row.target === 'rose' ? 'tulip' : 'rose' },
    );
    await last(make({ audience }).run(from(flipped)));
    const drifts = audience.events.filter(({ kind }) => kind === 'drift');
    expect(drifts.some(({ step }) => step > 2000 && step < 2300)).toBe(true);
  });

  test('refuses a second run at the same time, and leaves the first alone', async () => {
    const pipeline = make();
    const rows = flowers(10);
    let failure: unknown;
    const first = last(
      pipeline.run(
        new Observable<Example>((subscriber) => {
          pipeline.run(from(rows)).subscribe({
            error: (error: unknown) => {
              failure = error;
            },
          });
          return from(rows).subscribe(subscriber);
        }),
      ),
    );
    expect((await first).step).toBe(10);
    expect(String(failure)).toMatch(/share/);
  });

  test('emits nothing for an empty stream', async () => {
    expect(await lastValueFrom(make().run(from([])).pipe(toArray()))).toEqual([]);
  });
});
