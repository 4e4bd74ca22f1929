import { concat, EMPTY, from, lastValueFrom, map, NEVER, of, throwError, toArray } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { evaluation } from '../../src/evaluate/evaluation.ts';
import { evaluate, measure } from '../../src/evaluate/operators.ts';
import { Network } from '../../src/learn/network.ts';
import { learn } from '../../src/learn/operators.ts';
import { snapshot } from '../../src/snapshot/operators.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';
import { Summary } from '../../src/snapshot/summary.ts';
import type { Sample } from '../../src/sources/sample.ts';

const network = (): Network => new Network({ sizes: [2, 3, 2], engine: 'reference' });
const toSteps = map(({ step }: Snapshot) => step);
const failing = throwError(() => new Error('lost'));
const samples: Sample[] = [
  { x: [1, 0], y: [1, 0], id: 'first' },
  { x: [0, 1], y: [0, 1] },
  { x: [1, 1] },
];

describe('snapshot', () => {
  test('comes every so often where there is a new score, and once more at the end', () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run(({ hot, expectObservable }) => {
      const learner = network();
      const steps = hot('ab--------c|', { a: samples[0]!, b: samples[1]!, c: samples[0]! }).pipe(
        learn(learner),
        evaluate(),
        snapshot(learner, { everyMs: 4, scheduler }),
        toSteps,
      );
      expectObservable(steps).toBe('----a------(b|)', { a: 2, b: 3 });
    });
  });

  test('is a copy: later learning does not reach into it', async () => {
    const learner = network();
    const source = from(samples.slice(0, 2)).pipe(learn(learner), evaluate());
    const [taken] = await lastValueFrom(source.pipe(snapshot(learner), toArray()));
    const before = structuredClone(taken);
    await lastValueFrom(from(samples).pipe(learn(learner)));
    expect(taken).toEqual(before);
    expect(learner.tensors()[0]!.values).not.toEqual(taken!.tensors[0]!.values);
  });

  test('with measures takes updates, and shows what was measured before at once', async () => {
    const learner = network();
    const scoring = evaluation();
    const memory = scoring.initial();
    const measures = { step: 0, read: () => scoring.read(memory) };
    const steps = from(samples.slice(0, 2)).pipe(
      learn(learner),
      measure(scoring, { memory }),
      snapshot(learner, { measures }),
    );
    const [taken] = await lastValueFrom(steps.pipe(toArray()));
    expect(taken).toMatchObject({ step: 2, cost: { count: 2 } });

    const goneOn = EMPTY.pipe(snapshot(learner, { measures: { ...measures, step: 2 } }));
    const [shown] = await lastValueFrom(goneOn.pipe(toArray()));
    expect(shown).toMatchObject({ step: 2, cost: taken!.cost, predictions: [] });
  });

  test('passes an error on, after a last snapshot', async () => {
    const learner = network();
    const seen: unknown[] = [];
    await new Promise<void>((done) => {
      concat(of(samples[0]!), failing)
        .pipe(learn(learner), evaluate(), snapshot(learner))
        .subscribe({
          next: ({ step }) => seen.push(step),
          error: (error: Error) => {
            seen.push(error.message);
            done();
          },
        });
    });
    expect(seen).toEqual([1, 'lost']);
  });

  test('stops its clock when it is unsubscribed', () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    const learner = network();
    const subscription = NEVER.pipe(
      learn(learner),
      evaluate(),
      snapshot(learner, { scheduler }),
    ).subscribe();
    subscription.unsubscribe();
    scheduler.flush();
    expect(scheduler.actions).toHaveLength(0);
  });

  test('refuses a rate that is not above 0', () => {
    expect(() => snapshot(network(), { everyMs: 0 })).toThrow(RangeError);
  });
});

describe('a summary', () => {
  const scored = async (predictions: number): Promise<Summary> => {
    const learner = network();
    const summary = new Summary(learner, { predictions, classes: () => ['cat', 'dog'] });
    const scores = from(samples).pipe(learn(learner), evaluate(), toArray());
    for (const score of await lastValueFrom(scores)) summary.add(score);
    return summary;
  };

  test('shows the newest predictions beside their truth, newest last', async () => {
    const { predictions, classes } = (await scored(2)).snapshot()!;
    expect(classes).toEqual(['cat', 'dog']);
    expect(predictions.map(({ y }) => y)).toEqual(['dog', undefined]);
    expect(predictions[1]!.prediction).toHaveLength(2);
  });

  test('shows none where none are wanted, and nothing before the first score', async () => {
    expect((await scored(0)).snapshot()!.predictions).toEqual([]);
    expect(new Summary(network()).snapshot()).toBeUndefined();
    expect(() => new Summary(network(), { predictions: -1 })).toThrow(RangeError);
  });
});
