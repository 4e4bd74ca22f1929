import { filter, firstValueFrom, from } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { connect } from '../../src/node/server/connect.ts';
import { serve } from '../../src/node/server/serve.ts';
import { Training } from '../../src/node/training/training.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Digits, trained and served, with a limit of learned samples. */
const start = async (samples?: number) => {
  const shown = broadcaster({ name: 'digits' });
  const training = new Training(['digits'], {
    ...{ seed: 1, rate: 2_000, learner: 'seed', everyMs: 20 },
    ...(samples && { samples }),
  });
  const subscription = training.snapshots(shown).subscribe();
  const server = await serve(
    { broadcaster: shown, model: training },
    {
      port: 0,
      tokens: [{ token: 'all', roles: ['read', 'predict', 'feed', 'admin'] }],
    },
  );
  const connection = connect(server.url, { token: 'all' });
  closing.push(
    () => training.stop(),
    () => subscription.unsubscribe(),
    () => server.close(),
    () => connection.close(),
  );
  await firstValueFrom(connection.cost.pipe(filter(({ step }) => step > 50)));
  return { connection, training, shown };
};

const blank = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`p${i}`, 0]));

describe('a pipeline that is served', () => {
  test('predicts for records and for vectors alike', async () => {
    const { connection } = await start(200);
    const records = await connection.predict([blank]);
    const vectors = await connection.predict([new Array<number>(64).fill(0)]);
    expect(records.y[0]).toHaveLength(10);
    expect(vectors.y).toEqual(records.y);
    expect(records.labels?.[0]).toMatch(/^\d$/);
    await expect(connection.predict([[1, 2, 3]])).rejects.toThrow('expected 64 numbers, got 3');
  });

  test('learns what is fed, says what it refused, and continues when its source has ended', async () => {
    const { connection, training } = await start(100);
    const step = () => training.pipeline!.step;
    expect(step()).toBe(100);
    const samples = [
      { features: blank, target: 3 },
      { features: { ...blank, p3: Number.POSITIVE_INFINITY }, target: 3 },
      { x: new Array<number>(64).fill(1), y: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0] },
      { x: [1], y: [1] },
    ];
    const done: number[] = [];
    const rejected: number[] = [];
    await new Promise<void>((resolve, reject) => {
      connection.feed(from(samples)).subscribe({
        next: (progress) => {
          done.push(progress.upTo);
          rejected.push(...progress.rejected.map(({ number }) => number));
        },
        error: reject,
        complete: resolve,
      });
    });
    expect(done.at(-1)).toBe(4);
    expect(rejected).toContain(4);
    expect(step()).toBe(102 + (2 - rejected.length));
    const cost = await firstValueFrom(connection.cost.pipe(filter((frame) => frame.step > 100)));
    expect(cost.step).toBeGreaterThanOrEqual(101);
  });

  test('is paused, resumed, slowed and begun anew', async () => {
    const { connection, training, shown } = await start();
    await connection.admin('pause');
    const at = training.pipeline!.step;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(training.pipeline!.step).toBe(at);
    const { name } = shown.epoch;
    await connection.admin('reset');
    expect(shown.epoch.name).not.toBe(name);
    expect(training.pipeline!.step).toBe(0);
    // Slow enough that a viewer sees it begin anew.
    await connection.admin('rate', { perSecond: 300 });
    await connection.admin('resume');
    await firstValueFrom(
      connection.cost.pipe(filter((frame) => frame.step > 0 && frame.step < at)),
    );
    await connection.admin('rate', { perSecond: 100_000 });
    await firstValueFrom(connection.cost.pipe(filter((frame) => frame.step > at + 1_000)));
  });
});
