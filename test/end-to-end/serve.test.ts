import { filter, firstValueFrom, map, skip, take, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Broadcaster } from '../../src/broadcast/broadcaster.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { connect } from '../../src/node/server/connect.ts';
import { type ModelServer, serve } from '../../src/node/server/serve.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';

describe('a server and its client', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const start = async (): Promise<{ server: ModelServer; model: Broadcaster }> => {
    const model = broadcaster({ name: 'digits' });
    const server = await serve(model, { port: 0 });
    closing.push(() => server.close());
    return { server, model };
  };

  const join = (server: ModelServer) => {
    const connection = connect(server.url);
    closing.push(() => connection.close());
    return connection;
  };

  it('shows the present state first, then what follows', async () => {
    const { server, model } = await start();
    model.publish(snapshotAt(100));
    const connection = join(server);
    const costs = firstValueFrom(
      connection.cost.pipe(
        take(2),
        map(({ step }) => step),
        toArray(),
      ),
    );
    await firstValueFrom(connection.cost);
    model.publish(snapshotAt(200));
    expect(await costs).toEqual([100, 200]);
  });

  it('rebuilds the weights to the bit from keyframes and differences', async () => {
    const { server, model } = await start();
    model.publish(snapshotAt(1));
    const connection = join(server);
    const seen: number[] = [];
    for (let step = 2; step < 8; step += 1) {
      const next = firstValueFrom(
        connection.weights.pipe(filter((weights) => weights.step === step)),
      );
      const subscription = connection.weights.subscribe();
      await firstValueFrom(connection.weights);
      model.publish(snapshotAt(step));
      const weights = await next;
      const truth = snapshotAt(step).tensors[0]!.values;
      const shown = weights.tensors.get('l0.W')!;
      seen.push(weights.step);
      expect(shown.shape).toEqual([3, 2]);
      for (const [i, value] of truth.entries()) expect(shown.values[i]).toBeCloseTo(value, 3);
      subscription.unsubscribe();
    }
    expect(seen).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('tells a second server that the port is in use, in one line', async () => {
    const { server, model } = await start();
    const second = serve(model, { port: server.port });
    await expect(second).rejects.toThrow(/^127\.0\.0\.1:\d+ is in use: choose another port/);
  });

  it('sends its clients away when it stops, and they come back', async () => {
    const { server, model } = await start();
    model.publish(snapshotAt(1));
    const connection = join(server);
    await firstValueFrom(connection.state.pipe(filter(({ phase }) => phase === 'live')));
    const lost = firstValueFrom(
      connection.state.pipe(
        skip(1),
        filter(({ phase }) => phase === 'reconnecting'),
      ),
    );
    await server.close();
    expect(await lost).toMatchObject({ code: 4001, reason: 'the server is stopping' });
  });
});
