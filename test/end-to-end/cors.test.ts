import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelServer } from '../../src/node/server/serve.ts';
import { rawHttp } from './raw-http.ts';
import { toyServer } from './toy-server.ts';

const origin = 'https://a.example';
let server: ModelServer;

beforeAll(async () => {
  ({ server } = await toyServer({}, { allowedOrigins: [origin], tokens: [{ token: 'right' }] }));
});

afterAll(() => server.close());

const ask = (path: string, init: RequestInit) => fetch(new URL(path, server.url), init);

test('a page of an allowed origin may ask first, and read the answers', async () => {
  const asked = await ask('/v1/feed', {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  });
  expect(asked.status).toBe(204);
  expect(Object.fromEntries(asked.headers)).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'Authorization, Content-Encoding, Content-Type',
    allow: 'POST, OPTIONS',
    vary: 'Origin',
  });
  for (const [authorization, status] of [
    ['Bearer right', 200],
    ['Bearer wrong', 401],
  ] as const) {
    const answer = await ask('/v1/snapshot', { headers: { origin, authorization } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
  }
});

test('pages of other origins get nothing, and those of the server itself need nothing', async () => {
  const foreign = await ask('/v1/feed', {
    method: 'OPTIONS',
    headers: { origin: 'https://b.example' },
  });
  expect(foreign.status).toBe(403);
  expect(foreign.headers.has('access-control-allow-origin')).toBe(false);
  const own = await ask('/v2', { headers: { origin: server.url.slice(0, -1) } });
  expect(own.status).toBe(200);
  expect(own.headers.has('access-control-allow-origin')).toBe(false);
});

test('a page of an allowed origin can read why it is refused', async () => {
  const answer = await rawHttp(
    server.port,
    `GET /v2 HTTP/1.1\r\nHost: evil.example\r\nOrigin: ${origin}\r\nConnection: close\r\n\r\n`,
  );
  expect(answer.text).toMatch(/^HTTP\/1.1 403/);
  expect(answer.text).toContain(`Access-Control-Allow-Origin: ${origin}`);
});

test('OPTIONS of the server as a whole is answered', async () => {
  const request = 'OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n';
  expect((await rawHttp(server.port, request)).text).toMatch(/^HTTP\/1.1 204/);
});
