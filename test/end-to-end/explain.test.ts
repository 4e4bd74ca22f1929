import { filter, firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { singleNetwork } from '../../src/learn/single-network.ts';
import { broadcasterOf } from '../../src/node/cli/training/broadcaster-of.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { connect } from '../../src/node/server/connect.ts';
import { serve } from '../../src/node/server/serve.ts';
import { PipelineModel } from '../../src/node/training/pipeline-model.ts';
import { startTraining } from '../../src/node/training/start-training.ts';
import { Pipeline } from '../../src/pipeline.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const roles = ['read', 'predict', 'feed', 'admin'] as const;

/** Digits, learned by the seed network in this thread or in another, and served. */
const serveDigits = async (worker: boolean) => {
  const options = { seed: 1, learner: 'seed', samples: 300, worker } as const;
  const training = startTraining(['digits'], options);
  const shown = broadcasterOf(training, {
    ...{ name: 'digits', from: undefined },
    hasCheckpoints: false,
  });
  training.snapshots(shown).subscribe();
  const server = await serve(
    { broadcaster: shown, model: training },
    {
      port: 0,
      tokens: [
        { token: 'all', roles },
        { token: 'reader', roles: ['read'] },
      ],
    },
  );
  const connection = connect(server.url, { token: 'all' });
  closing.push(
    () => training.stop(),
    () => server.close(),
    () => connection.close(),
  );
  await firstValueFrom(connection.cost.pipe(filter(({ step }) => step === 300)));
  return { server, connection, training };
};

const row = Array.from({ length: 64 }, (_, i) => (i % 5 === 0 ? 16 : 0));
const record = Object.fromEntries(row.map((value, i) => [`p${i}`, value]));

const post = (url: string, body: unknown, token = 'all') =>
  fetch(new URL('/v1/explain', url), {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${token}` },
  });

describe.each([true, false])('explanations, with a worker: %s,', (worker) => {
  test('are the same over WebSocket and HTTP, for vectors and for records', async () => {
    const { server, connection } = await serveDigits(worker);
    const explained = await connection.explain([row]);
    expect(explained).toMatchObject({ step: 300, classes: expect.any(Array) });
    const [outputs] = explained.contributions;
    expect(outputs).toHaveLength(10);
    expect(outputs![0]).toHaveProperty('p0');
    // What is 0 contributes nothing to a network.
    expect([outputs![0]!['p1'], outputs![0]!['p5']]).toEqual([0, expect.any(Number)]);
    expect(outputs![0]!['p5']).not.toBe(0);
    const records = await connection.explain([record]);
    expect(records.contributions).toEqual(explained.contributions);
    const response = await post(server.url, { features: [record] });
    expect(response.status).toBe(200);
    const { contributions, classes, step } = explained;
    expect(await response.json()).toMatchObject({ contributions, classes, step });
  });

  test('are refused with the row that is wrong, and to who may not predict', async () => {
    const { server, connection } = await serveDigits(worker);
    await expect(connection.explain([[1, 2]])).rejects.toThrow('expected 64 numbers, got 2');
    await expect(connection.explain([row], { minStep: 301 })).rejects.toThrow('300 samples');
    const neither = await post(server.url, {});
    expect([neither.status, await neither.json()]).toEqual([
      400,
      { error: 'expected either x or features' },
    ]);
    const malformed = await post(server.url, { x: 'no' });
    expect([malformed.status, await malformed.json()]).toEqual([
      400,
      { error: expect.stringContaining('explain/x: ') },
    ]);
    expect((await post(server.url, [row])).status).toBe(400);
    expect((await post(server.url, { x: [row] }, 'reader')).status).toBe(403);
  });

  test('ignore an unknown feature and refuse a missing one, as predictions do', async () => {
    const { server, connection } = await serveDigits(worker);
    const known = await connection.explain([record]);
    const more = await connection.explain([{ ...record, unknown: 4 }]);
    expect(more.contributions).toEqual(known.contributions);
    const message = 'x[3] is NaN, which is not a finite number';
    const { p3: _, ...fewer } = record as typeof record & { p3: number };
    for (const bad of [fewer, { ...fewer, unknown: 4 }, { ...fewer, p3: 'red' }]) {
      await expect(connection.predict([bad])).rejects.toThrow(message);
      await expect(connection.explain([bad])).rejects.toThrow(message);
      const refused = await post(server.url, { features: [bad] });
      expect([refused.status, await refused.json()]).toEqual([400, { error: message }]);
    }
  });
});

test('a learner that cannot explain is answered as unsupported', async () => {
  const task = 'regression' as const;
  const learner = singleNetwork({ task, inputCount: 1, outputCount: 1 });
  const mute = Object.create(learner, { explain: { value: undefined } }) as typeof learner;
  const shown = broadcaster();
  const model = new PipelineModel(new Pipeline({ task, learner: mute }));
  const tokens = [{ token: 'all', roles }];
  const server = await serve({ broadcaster: shown, model }, { port: 0, tokens });
  const connection = connect(server.url, { token: 'all' });
  closing.push(
    () => server.close(),
    () => connection.close(),
  );
  await expect(connection.explain([{ a: 1 }])).rejects.toMatchObject({ code: 'unsupported' });
  const refused = await post(server.url, { features: [{ a: 1 }] });
  expect([refused.status, await refused.json()]).toEqual([
    501,
    { error: 'this learner cannot tell what a feature contributes' },
  ]);
});
