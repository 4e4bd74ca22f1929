import { PassThrough } from 'node:stream';
import ansis from 'ansis';
import { afterEach, describe, expect, it } from 'vitest';
import { type Output, type WatchOptions, watch } from '../../../../src/node/cli/terminal/watch.ts';
import { broadcaster } from '../../../../src/node/server/broadcaster.ts';
import { serve } from '../../../../src/node/server/serve.ts';
import { snapshotAt } from '../../../broadcast/snapshots.ts';
import { eventually } from '../../../eventually.ts';

describe('the terminal view', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const start = async () => {
    const model = broadcaster({ name: 'digits' });
    const server = await serve(model, { port: 0 });
    closing.push(() => server.close());
    model.event({ kind: 'drift', step: 90, message: 'the cost has risen' });
    model.publish(snapshotAt(100));
    return { model, server };
  };

  const open = (url: string, options: WatchOptions & { tty?: boolean } = {}) => {
    const output = new PassThrough();
    const end = new AbortController();
    let text = '';
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const screenLike = { isTTY: options.tty ?? false, columns: 100, rows: 50 };
    const done = watch(url, {
      everyMs: 20,
      signal: end.signal,
      ...options,
      output: Object.assign(output, screenLike) as Output,
    });
    done.catch(() => {});
    closing.push(() => end.abort());
    return { done, end, output, text: () => ansis.strip(text) };
  };

  it('writes plain lines where there is no terminal', async () => {
    const { server } = await start();
    const { text, end, done } = open(server.url);
    await eventually(() => {
      expect(text()).toMatch(/^live$/m);
      expect(text()).toMatch(/^drift at step 90: the cost has risen$/m);
      expect(text()).toMatch(/^step 100 {2}J_total \S+ {2}recent \S+/m);
    });
    end.abort();
    await done;
  });

  it('draws cost, metrics with their baseline, layers and events on a terminal', async () => {
    const { server } = await start();
    const { text } = open(server.url, { tty: true });
    await eventually(() => {
      for (const part of ['J_total', 'no change', 'l0.W', 'drift', '● live']) {
        expect(text()).toContain(part);
      }
    });
  });

  it('writes one line of JSON for each cost message', async () => {
    const { model, server } = await start();
    const { text } = open(server.url, { json: true });
    await eventually(() => expect(text()).toContain('\n'));
    model.publish(snapshotAt(200));
    await eventually(() => expect(text().trim().split('\n')).toHaveLength(2));
    const lines = text().trim().split('\n');
    const frames = lines.map((line) => JSON.parse(line) as Record<string, number>);
    expect(frames.map(({ step }) => step)).toEqual([100, 200]);
    for (const { totalCost, sum, n } of frames) expect(totalCost).toBe(sum! / n!);
  });

  it('says that the connection is lost, and continues when the server is back', async () => {
    const first = await start();
    const { text } = open(first.server.url);
    await eventually(() => expect(text()).toMatch(/^step 100/m));
    await first.server.close();
    await eventually(() => expect(text()).toMatch(/trying again/));
    const model = broadcaster({ name: 'digits' });
    const second = await serve(model, { port: first.server.port });
    closing.push(() => second.close());
    model.publish(snapshotAt(300));
    await eventually(() => expect(text()).toMatch(/^step 300/m));
  });

  it('ends when nobody reads any more', async () => {
    const { server } = await start();
    const { output, done } = open(server.url);
    output.emit('error', new Error('EPIPE'));
    await done;
  });
});
