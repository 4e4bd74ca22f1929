import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../src/broadcast/server-messages.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { routes } from '../../src/node/server/routes/index.ts';
import { type ModelServer, serve } from '../../src/node/server/serve.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { ToyModel } from '../broadcast/toy-model.ts';

const roles: readonly Role[] = ['read', 'predict', 'feed', 'admin'];
/** What must never be seen with a token for `a`: the name of the other model, and its step. */
const secret = 'hidden-model';
const secretStep = 987_654;
let server: ModelServer;
const hidden = new ToyModel();

beforeAll(async () => {
  const a = broadcaster({ name: 'a' });
  a.publish(snapshotAt(5));
  const other = broadcaster({ name: secret });
  other.publish(snapshotAt(secretStep));
  server = await serve(
    [
      { broadcaster: a, model: new ToyModel() },
      { broadcaster: other, model: hidden },
    ],
    {
      port: 0,
      tokens: [
        { token: 'all', roles },
        { token: 'only-a', roles, models: ['a'] },
        { token: 'nothing', roles: [] },
        ...roles.map((role) => ({ token: role, roles: [role], models: ['a'] })),
        { token: 'old', roles, expiresAt: 1 },
      ],
    },
  );
});

afterAll(() => server.close());

/** A path of each route, for the model of that name where it takes one. */
const paths: readonly ((model: string) => string)[] = [
  () => '/v1/asyncapi.json',
  (model) => `/v1/feed?model=${model}`,
  (model) => `/v1/frozen?model=${model}`,
  (model) => `/v1/model?model=${model}`,
  (model) => `/v1/predict?model=${model}`,
  (model) => `/v1/explain?model=${model}`,
  (model) => `/v1/snapshot?model=${model}`,
  () => '/v2',
  () => '/v2/health/live',
  () => '/v2/health/ready',
  (model) => `/v2/models/${model}`,
  (model) => `/v2/models/${model}/ready`,
  (model) => `/v2/models/${model}/infer`,
  () => '/metrics',
];

const tensor = { name: 'x', shape: [1, 2], datatype: 'FP64', data: [0, 1] };
const sample = JSON.stringify({ x: [0, 1], y: [1] });

/** The body of a request to a route, where it is not one sample to feed. */
const bodies: Readonly<Record<string, string>> = {
  infer: JSON.stringify({ inputs: [tensor] }),
  predict: JSON.stringify({ x: [[0, 1]] }),
  explain: JSON.stringify({ x: [[0, 1]] }),
};

const bodyFor = (path: string): string =>
  Object.entries(bodies).find(([name]) => path.includes(`/${name}`))?.[1] ?? sample;

const pathOf = (route: (typeof routes)[number], model: string): string => {
  const found = paths.find((path) => route.path.test(path(model).split('?')[0]!));
  expect(found, `a path of ${route.path}`).toBeDefined();
  return found!(model);
};

const ask = async (route: (typeof routes)[number], path: string, token?: string) => {
  const response = await fetch(new URL(path, server.url), {
    method: route.method,
    ...(route.method === 'POST' && { body: bodyFor(path) }),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  return { status: response.status, text: await response.text() };
};

describe.each(routes.map((route) => [`${route.method} ${route.path.source}`, route] as const))(
  'the route %s',
  (_, route) => {
    test('answers without a token, or with one that is not valid, only where it needs no role', async () => {
      for (const token of [undefined, 'wrong', 'old', '']) {
        const { status } = await ask(route, pathOf(route, 'a'), token);
        expect([token, status]).toEqual([token, route.role ? 401 : 200]);
      }
    });

    test('answers a token that has its role, and no other', async () => {
      for (const token of [...roles, 'nothing', 'all', 'only-a']) {
        const { status } = await ask(route, pathOf(route, 'a'), token);
        const may = !route.role || token === 'all' || token === 'only-a' || token === route.role;
        expect([token, status]).toEqual([token, may ? 200 : 403]);
      }
    });

    test('shows and changes nothing of a model that the token is not for', async () => {
      const step = hidden.step;
      const path = pathOf(route, secret);
      const { status, text } = await ask(route, path, 'only-a');
      const isOfOneModel = path.includes(secret);
      expect(status).toBe(isOfOneModel ? 403 : 200);
      expect(text).not.toContain(String(secretStep));
      if (!isOfOneModel) expect(text).not.toContain(secret);
      // Whether there is such a model is not said either.
      const none = await ask(route, path.replace(secret, 'no-such-model'), 'only-a');
      expect(none.status).toBe(status);
      expect(none.text).toBe(text.replace(secret, 'no-such-model'));
      expect(hidden.step).toBe(step);
    });
  },
);

test('figures of the whole server are only for a token that is for all models', async () => {
  const metrics = routes.find(({ path }) => path.test('/metrics'))!;
  const all = await ask(metrics, '/metrics', 'all');
  expect(all.text).toContain(`rivulet_samples_total{model="${secret}"} ${secretStep}`);
  expect(all.text).toContain('rivulet_connections');
  const some = await ask(metrics, '/metrics', 'only-a');
  expect(some.text).toContain('rivulet_samples_total{model="a"} 5');
  expect(some.text).not.toContain('rivulet_connections');
  expect(some.text).not.toContain('process_resident_memory_bytes');
});
