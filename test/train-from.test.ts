import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { singleNetwork } from '../src/learn/single-network.ts';
import { Pipeline } from '../src/pipeline.ts';
import type { Example } from '../src/sources/example.ts';
import { trainFrom } from '../src/train-from.ts';

const makePipeline = () =>
  new Pipeline({
    task: 'regression',
    learner: singleNetwork({ task: 'regression', inputCount: 1, outputCount: 1 }),
  });

test('every example of an async source is learned, one at a time', async () => {
  const pipeline = makePipeline();
  let asked = 0;
  const source = async function* (): AsyncGenerator<Example> {
    for (let i = 0; i < 50; i += 1) {
      expect(pipeline.step).toBe(i);
      asked += 1;
      yield { features: { a: i / 50 }, target: i };
    }
  };
  const last = await trainFrom(source(), pipeline);
  expect([asked, pipeline.step, last?.step]).toEqual([50, 50, 50]);
});

test('a signal ends it, and closes the source', async () => {
  const pipeline = makePipeline();
  const controller = new AbortController();
  let isClosed = false;
  const source = function* (): Generator<Example> {
    try {
      for (let i = 0; ; i += 1) {
        if (i === 200) controller.abort();
        yield { features: { a: 1 / (i + 1) }, target: i };
      }
    } finally {
      isClosed = true;
    }
  };
  await trainFrom(source(), pipeline, { signal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect([pipeline.step, isClosed]).toEqual([200, true]);
});

test('an abort in the middle of a burst resolves with all that has been learned', async () => {
  const controller = new AbortController();
  const pipeline = new Pipeline({
    task: 'regression',
    learner: singleNetwork({ task: 'regression', inputCount: 1, outputCount: 1 }),
    audience: { publish() {}, event() {}, reject: () => controller.abort() },
  });
  const examples = Array.from({ length: 500 }, (_, i) => ({
    features: { a: i === 300 ? Number.POSITIVE_INFINITY : i },
    target: i,
  }));
  const last = await trainFrom(examples, pipeline, { signal: controller.signal });
  expect(last?.step).toBeGreaterThanOrEqual(300);
  expect(last?.step).toBeLessThan(499);
  expect(pipeline.step).toBe(last?.step);
});

test('a signal destroys a Node stream that waits', async () => {
  const readable = new PassThrough({ objectMode: true });
  const controller = new AbortController();
  const trained = trainFrom(readable, makePipeline(), { signal: controller.signal });
  readable.write({ features: { a: 1 }, target: 1 });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(readable.destroyed).toBe(false);
  controller.abort();
  expect([(await trained)?.step, readable.destroyed]).toEqual([1, true]);
});

test('its error is the error of the source', async () => {
  const source = async function* (): AsyncGenerator<Example> {
    yield { features: { a: 1 }, target: 1 };
    throw new Error('the queue is gone');
  };
  await expect(trainFrom(source(), makePipeline())).rejects.toThrow('the queue is gone');
});

test.each([
  [null, 'not null'],
  [undefined, 'not undefined'],
  [5, 'not 5'],
  [{ next() {} }, 'not an object of the class Object'],
  [function* () {}, 'not a function: call it'],
])('what cannot be pulled is a rejection: %s', async (source, given) => {
  const trained = trainFrom(source as never, makePipeline());
  await expect(trained).rejects.toThrow(TypeError);
  await expect(trained).rejects.toThrow(given);
});
