import { from } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { initialRandom, randomUniform } from '../../src/math/random.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { connect } from '../../src/node/server/connect.ts';
import { serve } from '../../src/node/server/serve.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { ToyModel } from '../broadcast/toy-model.ts';
import { proxyTo } from './proxy.ts';

/** How often the connection is cut: a thousand times at night. */
const cuts = process.env['NIGHTLY'] ? 1_000 : 150;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const start = async () => {
  const shown = broadcaster({ name: 'toy' });
  const model = new ToyModel();
  const server = await serve({ broadcaster: shown, model }, { port: 0 });
  const proxy = await proxyTo(server.port);
  const options = { random: () => 0, topics: { weights: { enc: 'q8', maxHz: 30 } as const } };
  const connection = connect(proxy.url, options);
  const witness = connect(server.url, options);
  closing.push(
    () => server.close(),
    () => proxy.close(),
    () => witness.close(),
    () => connection.close(),
  );
  return { shown, model, proxy, connection, witness };
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('over a network that is cut again and again', () => {
  test('no event is lost, and the weights are those of the server to the bit', async () => {
    const { shown, proxy, connection, witness } = await start();
    const random = initialRandom(5);
    const seen: number[] = [];
    const gaps: unknown[] = [];
    const [bits, truth] = [new Map<number, string>(), new Map<number, string>()];
    connection.events.subscribe(({ step }) => seen.push(step));
    connection.gaps.subscribe((gap) => gaps.push(gap));
    for (const [client, into] of [
      [connection, bits],
      [witness, truth],
    ] as const) {
      client.weights.subscribe(({ seq, parameters }) => {
        into.set(seq, Buffer.from(parameters.buffer).toString('base64'));
      });
    }
    let step = 0;
    const timer = setInterval(() => {
      step += 1;
      shown.publish(snapshotAt(step));
      shown.event({ kind: 'drift', step, message: 'something happened' });
    }, 5);
    await expect.poll(() => seen.length).toBeGreaterThan(0);
    const first = seen[0]!;
    for (let i = 0; i < cuts; i += 1) {
      await sleep(40 * randomUniform(random));
      proxy.cut();
    }
    clearInterval(timer);
    await expect.poll(() => seen.at(-1), { timeout: 10_000 }).toBe(step);
    expect(gaps).toEqual([]);
    expect(seen).toEqual(Array.from({ length: step - first + 1 }, (_, i) => first + i));
    const both = [...bits].filter(([seq]) => truth.has(seq));
    expect(both.length).toBeGreaterThan(cuts / 10);
    expect(both.filter(([seq, shownBits]) => truth.get(seq) !== shownBits)).toEqual([]);
  });

  test('every sample that is fed is learned once, in order', async () => {
    const { model, proxy, connection } = await start();
    const random = initialRandom(6);
    const count = 20_000;
    const samples = Array.from({ length: count }, (_, i) => ({ x: [i, 0], y: [i] }));
    let isDone = false;
    const finished = new Promise<void>((resolve, reject) => {
      connection.feed(from(samples)).subscribe({ error: reject, complete: resolve });
    }).finally(() => {
      isDone = true;
    });
    // Ever longer, so that a slow machine gets there too.
    for (let longest = 20; !isDone; longest += 1) {
      await sleep(longest * randomUniform(random));
      proxy.cut();
    }
    await finished;
    expect(model.fed.length).toBe(count);
    expect(model.fed.findIndex((sample, i) => !('x' in sample) || sample.x[0] !== i)).toBe(-1);
  });
});
