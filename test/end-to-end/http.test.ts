import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Busy } from '../../src/broadcast/model.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { type ModelServer, serve } from '../../src/node/server/serve.ts';
import { badSamples } from '../broadcast/bad-samples.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { ToyModel } from '../broadcast/toy-model.ts';

let server: ModelServer;
let toy: ToyModel;

beforeAll(async () => {
  toy = new ToyModel();
  const digits = broadcaster({ name: 'digits', description: () => ({ inputs: 2, outputs: 1 }) });
  digits.publish(snapshotAt(50));
  const roads = broadcaster({ name: 'the roads' });
  server = await serve([{ broadcaster: digits, model: toy }, roads], {
    port: 0,
    limits: { feedBatch: 4, messageBytes: 10_000, feedQueue: 100 },
  });
});

afterAll(() => server.close());

const get = (path: string, init?: RequestInit) => fetch(new URL(path, server.url), init);
const post = (path: string, body: string) => get(path, { method: 'POST', body });
const infer = (inputs: object[]) =>
  post('/v2/models/digits/infer', JSON.stringify({ id: 'q', inputs }));

describe('over HTTP', () => {
  test('the newest snapshot is JSON', async () => {
    const response = await get('/v1/snapshot?model=digits');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const body = await response.json();
    expect(body).toMatchObject({ model: 'digits', step: 50, metrics: { accuracy: 0.75 } });
    expect(body).toHaveProperty('tensors', [
      { name: 'l0.W', shape: [3, 2], dtype: 'F64' },
      { name: 'l0.b', shape: [3], dtype: 'F64' },
    ]);
  });

  test('the parameters are a safetensors file', async () => {
    const bytes = new Uint8Array(await (await get('/v1/model')).arrayBuffer());
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header['l0.b']).toEqual({ dtype: 'F64', shape: [3], data_offsets: [48, 72] });
    expect(header.__metadata__).toMatchObject({ model: 'digits', step: '50' });
    const values = new Float64Array(bytes.slice(8 + length).buffer);
    expect([...values]).toEqual(snapshotAt(50).tensors.flatMap(({ values: v }) => [...v]));
  });

  test('the protocol describes itself', async () => {
    const body = await (await get('/v1/asyncapi.json')).json();
    expect(body).toMatchObject({ asyncapi: '3.1.0' });
    const names = Object.keys(body.channels.stream.messages);
    for (const operation of Object.values<{ messages: { $ref: string }[] }>(body.operations)) {
      for (const { $ref } of operation.messages) expect(names).toContain($ref.split('/').at(-1));
    }
  });

  test('figures are there for Prometheus', async () => {
    const text = await (await get('/metrics')).text();
    expect(text).toContain('rivulet_samples_total{model="digits"} 50');
    expect(text).toContain('rivulet_measure{model="digits",name="accuracy",of="model"} 0.75');
  });

  test('health and readiness are distinguished', async () => {
    expect((await get('/v2/health/live')).status).toBe(200);
    expect((await get('/v2/health/ready')).status).toBe(503);
    expect((await get('/v2/models/digits/ready')).status).toBe(200);
    expect((await get('/v2/models/the%20roads/ready')).status).toBe(503);
    expect((await get('/v1/snapshot?model=the+roads')).status).toBe(503);
    expect(await (await get('/v2')).json()).toMatchObject({ name: 'rivulet' });
  });

  test('samples are learned from NDJSON, a line at a time', async () => {
    const before = toy.step;
    const lines = Array.from({ length: 10 }, (_, i) => `{"x":[0,1],"y":[${i}]}`);
    lines.splice(5, 0, 'nonsense', '{"x":"none"}');
    const response = await post('/v1/feed?producer=sensor&first=1', lines.join('\r\n'));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      accepted: 12,
      dup: 0,
      upTo: 12,
      rejected: [
        {
          i: 5,
          code: 'parse',
          message: expect.stringMatching(/^a line is one sample in JSON, .*nonsense/),
        },
        {
          i: 6,
          code: 'parse',
          message: expect.stringMatching(/^x is .*: expected an array of numbers/),
        },
      ],
    });
    const again = await post('/v1/feed?producer=sensor&first=1', lines.join('\n'));
    expect(await again.json()).toMatchObject({ accepted: 12, dup: 12, rejected: [] });
    expect(toy.step).toBe(before + 10);
  });

  test('a bad sample is rejected with the reason that a WebSocket gives', async () => {
    const before = toy.step;
    const lines = badSamples.flatMap(([bad]) => [bad, '{"x":[0,1],"y":[1]}']);
    const { rejected } = await (await post('/v1/feed', lines.join('\n'))).json();
    const expected = badSamples.map(([, code, reason], i) => ({
      i: 2 * i,
      code,
      message: expect.stringMatching(reason) as string,
    }));
    expect(rejected).toEqual(expected);
    expect(toy.step).toBe(before + badSamples.length);
  });

  test('a hole in the numbers, a line that is too long and a bad query are refused', async () => {
    const gap = await post('/v1/feed?producer=sensor&first=100', '{"x":[0,1],"y":[1]}');
    expect([gap.status, await gap.json()]).toMatchObject([409, { upTo: 12 }]);
    expect((await post('/v1/feed?ack=maybe', '')).status).toBe(400);
    expect((await post('/v1/feed?first=0', '')).status).toBe(400);
    const long = await post('/v1/feed', 'x'.repeat(200_000)).then(
      ({ status }) => status,
      () => 'cut',
    );
    expect([413, 'cut']).toContain(long);
  });

  test('a full queue is 429 with a time to come back', async () => {
    let open = () => {};
    toy.gate = new Promise((resolve) => {
      open = resolve;
    });
    const line = '{"x":[0,1],"y":[1]}\n'.repeat(4);
    const posts = Array.from({ length: 26 }, () => post('/v1/feed', line));
    const late = await Promise.race(posts);
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await late.json()).toMatchObject({ accepted: 0 });
    open();
    const statuses = (await Promise.all(posts)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(25);
  });

  test('what a full buffer refuses does not count as accepted', async () => {
    const line = '{"x":[0,1],"y":[1]}\n';
    const feed = vi.spyOn(toy, 'feed').mockResolvedValueOnce({ step: 4, rejected: [] });
    feed.mockRejectedValueOnce(new Busy('no model yet', 500));
    const response = await post('/v1/feed?producer=late&first=1', line.repeat(10));
    feed.mockRestore();
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ error: 'no model yet', accepted: 4, upTo: 4 });
    const rest = await post('/v1/feed?producer=late&first=5', line.repeat(6));
    expect(await rest.json()).toMatchObject({ accepted: 6, dup: 0, upTo: 10 });
  });

  test('a body that is compressed is 415', async () => {
    const init = { method: 'POST', body: 'x', headers: { 'content-encoding': 'gzip' } };
    for (const path of ['/v1/feed', '/v2/models/digits/infer']) {
      expect((await get(path, init)).status).toBe(415);
    }
  });

  test('what is not there is 404, and another method 405', async () => {
    expect((await get('/v1/nothing')).status).toBe(404);
    expect((await get('/../../package.json')).status).toBe(404);
    expect((await get('/%2e%2e/%2e%2e/package.json')).status).toBe(404);
    expect((await get('/%00')).status).toBe(404);
    expect((await get('/v2/models/none')).status).toBe(404);
    const wrong = await get('/v1/feed');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect((await infer([{ name: 'x'.repeat(20_000) }])).status).toBe(413);
    expect((await post('/v2/models/digits/infer', '{')).status).toBe(400);
  });
});
