import { from, lastValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { standardMetrics } from '../../src/evaluate/standard-metrics.ts';
import type { Memory, MemoryValue } from '../../src/learn/learner.ts';
import { float64s, listIn, MemoryError, memoryIn } from '../../src/learn/memory-fields.ts';
import { chooseLearner, learnerNames } from '../../src/node/training/learner-choice.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { misfitOf } from '../../src/snapshot/memory-misfit.ts';

type Fields = Record<string, MemoryValue | undefined>;
type Task = 'classification' | 'regression';

const made = (name: (typeof learnerNames)[number], task: Task): Pipeline => {
  const sizes = { inputCount: 2, outputCount: task === 'regression' ? 1 : 2 };
  const choice = chooseLearner(name, { task, seed: 1, ...sizes });
  return new Pipeline({ task, ...choice, metrics: standardMetrics(task) });
};

const examples = (task: Task) =>
  Array.from({ length: 120 }, (_, i) => ({
    features: { a: i % 7, b: Math.sin(i) },
    target: task === 'regression' ? i % 5 : `c${i % 3}`,
  }));

/** Every field of a memory, by its path; of a list the first item alone, as the others are alike. */
function* fieldsOf(memory: MemoryValue, path: string[] = []): Generator<string[]> {
  if (typeof memory !== 'object' || memory === null || ArrayBuffer.isView(memory)) return;
  const keys = Object.keys(memory);
  for (const key of Array.isArray(memory) ? keys.slice(0, 1) : keys) {
    yield [...path, key];
    yield* fieldsOf((memory as Memory)[key]!, [...path, key]);
  }
}

/** A copy in which one field is another; undefined removes it. */
const changed = (
  memory: Memory,
  path: readonly string[],
  change: (value: MemoryValue) => MemoryValue | undefined,
): Memory => {
  const copy = structuredClone(memory);
  const parent = path.slice(0, -1).reduce((at: Fields, key) => at[key] as Fields, copy as Fields);
  const key = path.at(-1)!;
  const value = change(parent[key]!);
  if (value !== undefined) parent[key] = value;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return copy;
};

const missing = (): undefined => undefined;

const ofAnotherKind = (value: MemoryValue): MemoryValue =>
  value instanceof Float64Array ? new Float32Array(value) : typeof value === 'string' ? 1 : 'x';

const oneShorter = (value: MemoryValue): MemoryValue | undefined =>
  ArrayBuffer.isView(value) && (value as Float64Array).length > 0
    ? (value as Float64Array).slice(0, -1)
    : undefined;

const pairs = learnerNames.flatMap((name) =>
  (['classification', 'regression'] as const).map((task) => [name, task] as const),
);

describe.each(pairs)('a pipeline with a %s for a %s', (name, task) => {
  test('resumes from what it saved alone: an error names the field that does not fit', async () => {
    const trained = made(name, task);
    await lastValueFrom(trained.run(from(examples(task))));
    const memory = trained.save();
    const pipeline = made(name, task);
    const before = pipeline.save();
    const refusal = (altered: Memory): unknown => {
      try {
        pipeline.load(altered);
        return undefined;
      } catch (error) {
        return error;
      }
    };
    for (const path of fieldsOf(memory['learner']!, ['learner'])) {
      // It may have any length: as many as have come.
      if (path.join('/') === 'learner/residuals/values') continue;
      for (const change of [missing, ofAnotherKind, oneShorter]) {
        const error = refusal(changed(memory, path, change));
        expect(error, `${path.join('/')} ${change.name}`).toBeInstanceOf(Error);
        if (!(error instanceof RangeError)) expect(error).toBeInstanceOf(MemoryError);
      }
    }
    expect(pipeline.save()).toEqual(before);
    pipeline.load(memory);
    expect(pipeline.save()).toEqual(memory);
  });

  test('refuses a learner with a part that it lacks, as another version may have', async () => {
    const pipeline = made(name, task);
    const memory = pipeline.save();
    const learner = { ...(memory['learner'] as Memory), extra: Float64Array.of(1) };
    expect(() => pipeline.load({ ...memory, learner })).toThrow(
      new MemoryError('learner/extra is unknown'),
    );
  });
});

describe('a pipeline', () => {
  test('names the stage that does not fit', () => {
    const pipeline = made('network', 'regression');
    const memory = pipeline.save();
    expect(() => pipeline.load(changed(memory, ['drift'], () => undefined))).toThrow(
      new MemoryError('drift is missing'),
    );
    expect(() => pipeline.load({ ...memory, drift: { count: 1 } })).toThrow(
      /^drift\/\w+ is missing/,
    );
    expect(() => pipeline.load({ ...memory, learning: { step: '1' } })).toThrow(
      new MemoryError('learning/step is a string, not a number'),
    );
    expect(() => pipeline.load({ ...memory, rejected: -1 })).toThrow(MemoryError);
    expect(() => pipeline.load(changed(memory, ['evaluation'], () => undefined))).toThrow(
      new MemoryError('evaluation must be an object, not nothing'),
    );
  });

  test('begins a measure that a checkpoint does not know', () => {
    const plain = new Pipeline({
      task: 'regression',
      ...chooseLearner('network', { task: 'regression', seed: 1, inputCount: 2, outputCount: 1 }),
    });
    const pipeline = made('network', 'regression');
    pipeline.load(plain.save());
    expect(pipeline.step).toBe(0);
  });
});

describe('a field of a memory', () => {
  const memory = { a: { list: [Float64Array.of(1), Float32Array.of(1)] } };

  test('is named by its whole path', () => {
    const a = memoryIn(memory, 'a');
    expect(() => listIn(a, 'list', { of: float64s })).toThrow(
      new MemoryError('a/list/1 must be Float64Array, not Float32Array of 1'),
    );
    expect(() => listIn(a, 'list', { of: float64s, length: 3 })).toThrow(
      new MemoryError('a/list must be a list of 3, not a list'),
    );
    expect(() => memoryIn(a, 'none')).toThrow(
      new MemoryError('a/none must be an object, not nothing'),
    );
  });
});

test('shapes are compared by names, types and lengths', () => {
  const wanted = { a: Float64Array.of(1, 2), b: [1], c: null };
  expect(misfitOf({ a: Float64Array.of(5, 6), b: [7], c: null }, wanted)).toBeUndefined();
  expect(misfitOf({ a: Float64Array.of(5), b: [7], c: null }, wanted)).toBe(
    'a has the length 1, not 2',
  );
  expect(misfitOf({ ...wanted, b: ['x'] }, wanted)).toBe('b/0 is a string, not a number');
  expect(misfitOf({ ...wanted, d: 1 }, wanted)).toBe('d is unknown');
  expect(misfitOf({ a: Float64Array.of(5), b: [], c: { d: 1 } }, wanted, { isExample: true })).toBe(
    undefined,
  );
});
