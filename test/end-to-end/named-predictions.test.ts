import { afterEach, expect, test } from 'vitest';
import { pool } from '../../src/learn/pool/pool.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { connect } from '../../src/node/server/connect.ts';
import { serve } from '../../src/node/server/serve.ts';
import { PipelineModel } from '../../src/node/training/pipeline-model.ts';
import { Pipeline } from '../../src/pipeline.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A regression that has learned a number of rows, served. */
const serveRegression = async (rows: number) => {
  const task = 'regression' as const;
  const shown = broadcaster({ name: 'heat' });
  const learner = pool({ task, inputCount: 1, outputCount: 1 });
  const pipeline = new Pipeline({ task, learner, audience: shown });
  for (let i = 0; i < rows; i += 1) {
    pipeline.learn({ features: { a: i % 10 }, target: 3 * (i % 10) + (i % 2) });
  }
  const server = await serve(
    { broadcaster: shown, model: new PipelineModel(pipeline) },
    { port: 0 },
  );
  const connection = connect(server.url);
  closing.push(
    () => server.close(),
    () => connection.close(),
    () => pipeline.stop(),
  );
  return { pipeline, server, connection };
};

test('a client and a POST get the interval of a number and the unknown features', async () => {
  const { pipeline, server, connection } = await serveRegression(300);
  const features = [{ a: 4 }, { A: 4 }];
  const known = pipeline.predict({ features: { a: 4 } }, { named: true });
  const predicted = await connection.predict(features, { named: true });
  expect(predicted.named).toEqual([
    known,
    {
      ...pipeline.predict({ features: {} }, { named: true }),
      unknown: { names: ['A'], known: ['a'] },
    },
  ]);
  expect(predicted.y[0]).toEqual([...pipeline.predict({ features: { a: 4 } })]);
  const response = await fetch(new URL('/v1/predict', server.url), {
    method: 'POST',
    body: JSON.stringify({ features, named: true }),
  });
  expect((await response.json()).named).toEqual(predicted.named);
  expect(await connection.predict(features)).not.toHaveProperty('named');
});

test('the bounds of an interval that is not bounded yet are null on the wire', async () => {
  const { connection } = await serveRegression(5);
  const { named } = await connection.predict([{ a: 1 }], { named: true });
  expect(named).toEqual([{ value: expect.any(Number), interval: { low: null, high: null } }]);
});
