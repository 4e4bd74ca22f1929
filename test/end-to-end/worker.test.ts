import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import type { FedSample } from '../../src/client/index.ts';
import { broadcasterOf } from '../../src/node/cli/training/broadcaster-of.ts';
import { connect } from '../../src/node/server/connect.ts';
import { serve } from '../../src/node/server/serve.ts';
import { startTraining } from '../../src/node/training/start-training.ts';
import { RemoteTraining } from '../../src/node/training/worker/remote-training.ts';
import { SampleError } from '../../src/stream/rejection.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const options = {
  seed: 1,
  learner: 'seed',
  ahead: 2,
  wait: 5,
  buffer: 1_000,
  whenFull: 'drop-oldest',
  samples: 500,
} as const;

const start = async (specs: readonly string[], worker: boolean) => {
  const training = startTraining(specs, { ...options, worker });
  const name = specs.join(', ');
  const shown = broadcasterOf(training, { name, from: undefined, hasCheckpoints: false });
  const failed = new Promise<Error>((resolve) => {
    training.snapshots(shown).subscribe({ error: resolve });
  });
  closing.push(() => training.stop());
  const server = await serve(
    { broadcaster: shown, model: training },
    { port: 0, tokens: [{ token: 'all', roles: ['read', 'predict', 'feed', 'admin'] }] },
  );
  const connection = connect(server.url, { token: 'all' });
  closing.push(
    () => server.close(),
    () => connection.close(),
  );
  return { training, shown, connection, failed };
};

describe('a training in a thread of its own', () => {
  test('ends in the same bits as one in this thread, answers, and learns what it is fed', async () => {
    const remote = await start(['digits'], true);
    const local = await start(['digits'], false);
    expect(remote.training).toBeInstanceOf(RemoteTraining);
    expect(local.training).not.toBeInstanceOf(RemoteTraining);
    const [one, other] = await Promise.all(
      [remote, local].map(({ connection }) =>
        firstValueFrom(connection.cost.pipe(filter(({ step }) => step === 500))),
      ),
    );
    expect(one!.sum).toBe(other!.sum);
    const known = async ({ connection }: typeof remote) =>
      (await firstValueFrom(connection.welcome)).model;
    expect(await known(remote)).toMatchObject({ inputs: 64, outputs: 10 });
    expect((await known(remote)).features).toHaveLength(64);
    expect(await known(remote)).toEqual(await known(local));
    const tensors = ({ shown }: typeof remote) => shown.snapshot!.tensors;
    expect(tensors(remote)).toEqual(tensors(local));
    const blank = new Array<number | null>(64).fill(0);
    const asked = await remote.connection.predict([blank]);
    expect(asked.y).toEqual((await local.connection.predict([blank])).y);
    await expect(remote.connection.predict([[1]])).rejects.toThrow('expected 64 numbers, got 1');
    const y = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const fed = await firstValueFrom(remote.connection.feed([{ x: blank, y }]));
    expect(fed).toMatchObject({ upTo: 1, step: 501, rejected: [] });
    await remote.connection.admin('pause');
    expect(remote.training.shape).toMatchObject({ task: 'classification' });
  });

  test('rejects a sample that cannot be sent, and learns the others of its batch', async () => {
    const { training: model, connection } = await start(['digits'], true);
    await firstValueFrom(connection.cost.pipe(filter(({ step }) => step === 500)));
    const good = { x: new Array<number>(64).fill(0), y: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] };
    let deep: object = {};
    for (let i = 0; i < 20_000; i += 1) deep = { deep };
    const bad = [() => 1, Symbol('s'), deep, { nested: [() => 1] }].map((u) => ({
      features: { u },
      target: '3',
    }));
    const outcome = await model.feed([good, ...bad, good]);
    expect(outcome.step).toBe(502);
    expect(outcome.rejected.map(({ i, code }) => [i, code])).toEqual(
      [1, 2, 3, 4].map((i) => [i, 'value']),
    );
    expect(outcome.rejected[0]!.message).toMatch(/^it cannot be copied: .*could not be cloned/);
    const predicted = Promise.resolve(model.predict([good, bad[0]!]));
    await expect(predicted).rejects.toThrow(SampleError);
    const said = { features: { deep: deep as Record<string, unknown> }, target: '3' };
    expect(await model.feed([said])).toMatchObject({ step: 502, rejected: [{ i: 0 }] });
  });

  test.each([true, false])(
    'rejects what is fed by its position, with a worker: %s',
    async (worker) => {
      const { connection } = await start(['digits'], worker);
      await firstValueFrom(connection.cost.pipe(filter(({ step }) => step === 500)));
      const y = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
      const good = { x: new Array<number>(64).fill(0), y };
      const shape = { x: [1, 2], y };
      const deep = { features: { a: { b: { c: { d: { e: { f: 1 } } } } } }, target: '3' };
      const label = { features: { p0: 1 }, target: 'x'.repeat(300) };
      const errors = firstValueFrom(connection.errors.pipe(take(5), toArray()));
      const feed = (samples: FedSample[]) => lastValueFrom(connection.feed(samples));
      expect((await feed([good, shape, good, deep, label])).rejected).toHaveLength(3);
      await feed([good, label, good, shape]);
      const found = (await errors).map(({ index }) => index);
      expect(found).toEqual([1, 3, 4, 6, 8]);
    },
  );

  test('says what its source cannot do as if it were here', async () => {
    const { failed } = await start(['/no/such/file.csv'], true);
    const error = await failed;
    expect([error.name, error.message]).toEqual([
      'SourceError',
      expect.stringContaining('/no/such/file.csv'),
    ]);
  });
});
