import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { singleNetwork } from '../src/learn/single-network.ts';
import { Pipeline } from '../src/pipeline.ts';
import type { Example } from '../src/sources/example.ts';
import { burst } from '../src/stream/burst.ts';

const examples: Example[] = Array.from({ length: 40 }, (_, i) => ({
  features: { a: i % 5, b: i % 3 },
  target: i % 7,
}));
const bad: Example = { features: { a: Number.POSITIVE_INFINITY }, target: 1 };

const make = () => {
  const task = 'regression' as const;
  const told: number[] = [];
  const learner = singleNetwork({ task, inputCount: 2, outputCount: 1 });
  const audience = {
    publish() {},
    event() {},
    reject: ({ index }: { index: number }) => void told.push(index),
  };
  return { pipeline: new Pipeline({ task, learner, audience }), told };
};

describe('a pipeline that learns one example', () => {
  test('learns without a source to the same bits as from one', () => {
    const [alone, fed] = [make().pipeline, make().pipeline];
    for (const example of examples) expect(alone.learn(example)).toEqual([]);
    const source = new Subject<Example>();
    fed.run(source).subscribe();
    for (const example of examples) source.next(example);
    expect(alone.step).toBe(40);
    expect(alone.save()).toEqual(fed.save());
    alone.stop();
  });

  test('learns it between the examples of its source', () => {
    const { pipeline } = make();
    const expected = make().pipeline;
    const source = new Subject<Example>();
    pipeline.run(source).subscribe();
    for (const [i, example] of examples.entries()) {
      if (i % 3 === 0) pipeline.learn(example);
      else source.next(example);
      expected.learn(example);
    }
    expect(pipeline.save()).toEqual(expected.save());
  });

  test('returns what refused it, and counts that as any other', () => {
    const { pipeline, told } = make();
    pipeline.learn(examples[0]!);
    const [rejection, ...others] = pipeline.learn(bad, 7);
    expect(rejection?.reason).toContain('feature "a" is Infinity');
    expect(others).toEqual([]);
    expect([pipeline.step, pipeline.rejected, told]).toEqual([1, 1, [7]]);
  });

  test('does not return what the source gave before it in the same burst', () => {
    const { pipeline, told } = make();
    const source = new Subject<Example>();
    pipeline.run(source).subscribe();
    burst(() => {
      source.next(examples[0]!);
      source.next(bad);
      expect(pipeline.learn(examples[1]!)).toEqual([]);
    });
    expect([pipeline.step, told.length]).toEqual([2, 1]);
  });

  test('goes over to a source that comes later', () => {
    const { pipeline } = make();
    pipeline.learn(examples[0]!);
    const source = new Subject<Example>();
    const errors: unknown[] = [];
    pipeline.run(source).subscribe({ error: (error) => errors.push(error) });
    source.next(examples[1]!);
    pipeline.learn(examples[2]!);
    expect([pipeline.step, errors]).toEqual([3, []]);
  });

  test('says that its learner is trained elsewhere', () => {
    const { pipeline } = make();
    const task = 'regression' as const;
    const learner = singleNetwork({ task, inputCount: 2, outputCount: 1 });
    const [one, other] = [new Pipeline({ task, learner }), new Pipeline({ task, learner })];
    one.learn(examples[0]!);
    expect(() => other.learn(examples[1]!)).toThrow();
    expect(pipeline.step).toBe(0);
  });
});
