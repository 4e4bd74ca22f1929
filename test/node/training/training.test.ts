import { concat, defer, NEVER, of, throwError } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { standardMetrics } from '../../../src/evaluate/standard-metrics.ts';
import type { OpenedSource } from '../../../src/node/sources/opened-source.ts';
import { checkResume } from '../../../src/node/training/resume.ts';
import { Training } from '../../../src/node/training/training.ts';
import type { TrainingOptions } from '../../../src/node/training/training-options.ts';
import { CheckpointError } from '../../../src/snapshot/checkpoint.ts';
import type { Snapshot } from '../../../src/snapshot/snapshot.ts';
import type { Example } from '../../../src/sources/example.ts';
import { SampleError } from '../../../src/stream/rejection.ts';

const ending: (() => void)[] = [];
afterEach(() => {
  for (const end of ending.splice(0)) end();
});

const examples: Example[] = Array.from({ length: 40 }, (_, i) => ({
  features: { a: Math.sin(i), b: i % 3 },
  target: i % 2 === 0 ? 'even' : 'odd',
}));

const settings: TrainingOptions = {
  ...{ learner: 'network', seed: 1, everyMs: 5, task: 'classification', metrics: () => ({}) },
};

const train = (source: Partial<OpenedSource>, more: Partial<TrainingOptions> = {}) => {
  const opened = { name: 'rows', examples: of(...examples), isLive: false, isReplayable: true };
  const training = new Training([], { ...settings, ...more }, () => ({ ...opened, ...source }));
  const shown: Snapshot[] = [];
  const errors: unknown[] = [];
  const subscription = training.snapshots().subscribe({
    next: (taken) => shown.push(taken),
    error: (error) => errors.push(error),
  });
  ending.push(() => subscription.unsubscribe());
  return { training, shown, errors };
};

const pipelineOf = ({ training }: ReturnType<typeof train>) => training.pipeline!;

describe('a training that resumes', () => {
  test('shows all that it has learned before the error of its source', () => {
    const broken = throwError(() => new Error('cut off'));
    const { training, shown, errors } = train({
      examples: concat(of(...examples.slice(0, 25)), broken),
    });
    expect(errors).toEqual([new Error('cut off')]);
    expect(training.pipeline!.step).toBe(25);
    expect(shown.at(-1)?.step).toBe(25);
  });

  test('has no checkpoint before its first rows', () => {
    expect(train({ examples: NEVER }).training.capture()).toBeUndefined();
  });

  test('skips what it had consumed, and ends as if it had never stopped', () => {
    const half = train({ examples: of(...examples.slice(0, 25)) });
    const from = half.training.capture()!;
    expect(from).toMatchObject({ step: 25, source: { name: 'rows', taken: 25 } });
    const rest = train({}, { from });
    expect(pipelineOf(rest).save()).toEqual(pipelineOf(train({})).save());
    expect(rest.training.capture()).toMatchObject({ step: 40, source: { taken: 40 } });
  });

  test('takes all of another source, and of one that gives nothing twice', () => {
    const from = train({}).training.capture()!;
    expect(pipelineOf(train({ name: 'others' }, { from })).step).toBe(80);
    expect(pipelineOf(train({ isReplayable: false }, { from })).step).toBe(80);
  });

  test('shows what it has at once, though its source is over', () => {
    const from = train({}).training.capture()!;
    const { shown } = train({}, { from });
    expect(shown.map(({ step }) => step)).toEqual([40]);
    expect(shown[0]!.tensors.length).toBeGreaterThan(0);
  });

  test('learns no more samples than the limit in all', () => {
    const from = train({}, { samples: 30 }).training.capture()!;
    expect(pipelineOf(train({}, { from, samples: 30 })).step).toBe(30);
    expect(pipelineOf(train({}, { from, samples: 35 })).step).toBe(35);
  });

  test('begins from nothing after a reset, not from the checkpoint', () => {
    const from = train({}).training.capture()!;
    const live = train({ examples: NEVER }, { from });
    expect(pipelineOf(live).step).toBe(40);
    live.training.steer({ op: 'reset' });
    expect(pipelineOf(live).step).toBe(0);
  });

  test('ends with an error, and is not kept, where the checkpoint does not fit', () => {
    const from = train({}).training.capture()!;
    for (const wrong of [
      { ...from, memory: {} },
      { ...from, model: { featureMax: 16 } },
    ]) {
      const { training, errors } = train({}, { from: wrong });
      expect(errors).toEqual([expect.any(CheckpointError)]);
      expect(training.capture()).toBeUndefined();
    }
  });
});

test('what was refused before there was a model is counted, though none came', () => {
  const rejections = Array.from({ length: 2 }, () => new SampleError('shape', 'bad').at(1, 'bad'));
  const options: TrainingOptions = {
    ...{ learner: 'network', seed: 1, everyMs: 5, metrics: () => ({}) },
  };
  const training = new Training([], options, (_specs, { rejected }) => ({
    ...{ name: 'rows', isLive: true, isReplayable: false },
    examples: defer(() => {
      for (const rejection of rejections) rejected.next(rejection);
      return of({ features: { a: 1 }, target: 1 });
    }),
  }));
  const errors: unknown[] = [];
  training.snapshots().subscribe({ error: ({ message }: Error) => errors.push(message) });
  expect(errors).toEqual([expect.stringContaining('rows is live and its target is a number')]);
  expect(training.rejections.count).toBe(2);
});

test('a checkpoint must be of the requested model, as far as options are given', () => {
  const model = { learner: 'pool', task: 'regression', target: 'price' };
  expect(() => checkResume(model, { learner: 'pool' })).not.toThrow();
  expect(() => checkResume(model, { learner: 'pool', target: 'price' })).not.toThrow();
  expect(() => checkResume(model, { learner: 'pool', target: 'size' })).toThrow(
    'the checkpoint is of a model with --target price, not size',
  );
  expect(() => checkResume({ ...model, target: '' }, { learner: 'pool', target: 'size' })).toThrow(
    'the checkpoint is of a model with no --target, not size',
  );
});

describe.each(['pool', 'network', 'seed'] as const)('what is read ahead, with %s,', (learner) => {
  /** Rows of which the later ones bring classes, features, texts and ranges of their own. */
  const rows = (later: number): Example[] =>
    Array.from({ length: 60 }, (_, i) => {
      const isLater = i >= 30;
      const more = isLater ? { wide: 1e6 * i, room: `room ${i % (5 * later)}` } : {};
      const target = isLater ? `class ${i % (2 + 3 * later)}` : ['low', 'high'][i % 2]!;
      return { features: { a: Math.sin(i) + (isLater ? 100 * later : 0), ...more }, target };
    });

  const first = (examples: readonly Example[]) => {
    const settings = { learner, everyMs: 1e6, metrics: standardMetrics };
    const { shown, errors } = train({ examples: of(...examples) }, settings);
    expect(errors).toEqual([]);
    return shown;
  };

  test('changes nothing of what is learned before its turn', () => {
    const memories = [1, 2].map((later) => {
      const { training } = train({ examples: of(...rows(later)) }, { learner, samples: 30 });
      return training.pipeline!.save();
    });
    expect(memories[1]).toEqual(memories[0]);
  });

  test('gives no right answer where each row has a new class', () => {
    const everyClassNew = Array.from({ length: 40 }, (_, i) => ({
      features: { a: (i * 37) % 11 },
      target: `class ${i}`,
    }));
    const { metrics, cost } = first(everyClassNew).at(-1)!;
    expect([metrics['accuracy'], metrics['macroF1'], cost.count]).toEqual([0, 0, 40]);
  });

  test('gives at most nine of ten right where each tenth row has a new class', () => {
    const tenthClassNew = Array.from({ length: 200 }, (_, i) => ({
      features: { a: (i * 37) % 11 },
      target: i % 10 === 9 ? `class ${i}` : 'usual',
    }));
    const { metrics } = first(tenthClassNew).at(-1)!;
    expect(metrics['accuracy']).toBeLessThan(0.9);
    expect(metrics['balancedAccuracy']).toBeLessThan(1 / 21);
  });
});
