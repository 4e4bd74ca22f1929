import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Role } from '../../src/broadcast/server-messages.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { connect } from '../../src/node/server/connect.ts';
import { type ServeOptions, serve } from '../../src/node/server/serve.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { ToyModel } from '../broadcast/toy-model.ts';
import { eventually } from '../eventually.ts';
import { rawClient } from './raw-client.ts';
import { rawHttp } from './raw-http.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const start = async (options: ServeOptions = {}) => {
  const shown = broadcaster({ name: 'toy' });
  shown.publish(snapshotAt(1));
  const server = await serve(
    [{ broadcaster: shown, model: new ToyModel() }, broadcaster({ name: 'other' })],
    { port: 0, ...options },
  );
  closing.push(() => server.close());
  return server;
};

const refusal = (url: string, options: Parameters<typeof rawClient>[1]): Promise<string> =>
  rawClient(url, options).then(
    () => 'let in',
    (error: Error) => error.message,
  );

/** The status of a request with headers that `fetch` would not send. */
const status = (url: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject).end();
  });

const bearer = (token: string): string =>
  `rivulet.bearer.${Buffer.from(token).toString('base64url')}`;

const roles: readonly Role[] = ['read', 'predict', 'feed', 'admin'];
const tokens = [
  ...roles.map((role) => ({ token: role, roles: [role] })),
  { token: 'ordinary' },
  { token: 'other only', models: ['other'] },
  { token: 'old', expiresAt: 1 },
];

describe('a server', () => {
  test('does not listen where others reach it without a token', async () => {
    const model = broadcaster({ name: 'toy' });
    await expect(serve(model, { host: '0.0.0.0', port: 0 })).rejects.toThrow(
      'listening on 0.0.0.0 needs a token',
    );
    const server = await serve(model, { host: '0.0.0.0', port: 0, tokens: [{ token: 'secret' }] });
    closing.push(() => server.close());
    expect(server.port).toBeGreaterThan(0);
  });

  test('answers probes behind any Host, and nothing else', async () => {
    const { url } = await start({ tokens: [{ token: 'secret' }] });
    for (const path of ['healthz', 'readyz', 'v2/health/live', 'v2/health/ready']) {
      // The second model has nothing to show yet.
      const expected = /ready/.test(path) ? 503 : 200;
      for (const host of ['10.0.0.7:8080', 'pod-3.cluster.local', '127.0.0.1']) {
        expect(await status(url + path, { host }), `${path} of ${host}`).toBe(expected);
      }
      expect(await status(url + path, { host: 'pod-3', origin: 'http://evil.example' })).toBe(403);
    }
    for (const path of ['healthz/x', 'x/healthz', 'v2', 'v1/snapshot', 'metrics', '?/healthz']) {
      expect(await status(url + path, { host: 'pod-3.cluster.local' }), path).toBe(403);
    }
  });

  test('says which Host it does not know, and how to allow it', async () => {
    const { url } = await start();
    const answer = await rawHttp(
      Number(new URL(url).port),
      'GET /v2 HTTP/1.1\r\nHost: model.lan\r\nConnection: close\r\n\r\n',
    );
    expect(answer.text).toContain(
      'the Host header names another server, model.lan: allow its name',
    );
    expect(answer.text).toContain('(--allow-host or RIVULET_ALLOWED_HOSTS)');
  });

  test('is shown in frames of the pages that it names, and of no others by default', async () => {
    const policyOf = async (options: ServeOptions) => {
      const { url } = await start(options);
      const { headers } = await fetch(`${url}v2`);
      return /frame-ancestors (.*)$/.exec(headers.get('content-security-policy') ?? '')?.[1];
    };
    expect(await policyOf({})).toBe("'none'");
    const frameAncestors = ['self', 'https://portal.example.org', 'http://localhost:3000'];
    expect(await policyOf({ frameAncestors })).toBe(
      "'self' https://portal.example.org http://localhost:3000",
    );
    for (const wrong of ['https://a.example/path', "'none'; script-src *", 'example.org']) {
      await expect(start({ frameAncestors: [wrong] })).rejects.toThrow(`frame ancestor ${wrong}: `);
    }
  });

  test('refuses a foreign Host, whatever it asks for, and does not look at the port', async () => {
    const { url, port } = await start({ allowedHosts: ['model.example.org'] });
    for (const host of ['evil.example', '127.0.0.1.evil.example', 'evil.example:80', '[::1']) {
      expect(await refusal(url, { headers: { host } }), host).toMatch(/^403/);
      expect(await status(`${url}v1/snapshot`, { host }), host).toBe(403);
    }
    for (const host of ['localhost:1', `127.0.0.1:${port}`, '[::1]:80', 'MODEL.example.org']) {
      expect(await refusal(url, { headers: { host } }), host).toBe('let in');
      expect(await status(`${url}v1/snapshot`, { host }), host).toBe(200);
    }
  });

  test('on all addresses answers to any of them, and to the allowed names', async () => {
    const { url } = await start({
      host: '0.0.0.0',
      allowedHosts: ['Sensors.lan:8080'],
      tokens: [{ token: 'right' }],
    });
    const local = url.replace('0.0.0.0', '127.0.0.1');
    for (const host of ['192.0.2.7:80', '[2001:db8::1]:80', 'sensors.lan', 'sensors.lan:80']) {
      expect(await status(`${local}v2`, { host }), host).toBe(200);
    }
    for (const host of ['evil.example', '192.0.2.7.evil.example', '192.0.2', '[192.0.2.7]']) {
      expect(await status(`${local}v2`, { host }), host).toBe(403);
    }
    const loopback = await start();
    expect(await status(`${loopback.url}v2`, { host: '192.0.2.7' })).toBe(403);
  });

  test.each<[string, ServeOptions]>([
    ['allowed host https://a.example: expected a name', { allowedHosts: ['https://a.example'] }],
    ['allowed host : expected a name', { allowedHosts: [''] }],
    ['allowed origin https://a.example/: expected', { allowedOrigins: ['https://a.example/'] }],
    ['allowed origin a.example: expected', { allowedOrigins: ['a.example'] }],
    ['allowed origin *: expected', { allowedOrigins: ['*'] }],
  ])('is not made with an invalid option: %s', async (message, options) => {
    await expect(start(options)).rejects.toThrow(message);
  });

  test('refuses a foreign Origin, exactly', async () => {
    const { url, port } = await start({ allowedOrigins: ['https://good.example'] });
    const foreign = [
      'https://evil.example',
      'https://good.example.evil.example',
      'https://evilgood.example',
      'http://good.example',
      `http://127.0.0.1:${port}.evil.example`,
      'null',
    ];
    for (const origin of foreign) {
      expect(await refusal(url, { headers: { origin } }), origin).toMatch(/^403/);
      expect(await status(`${url}v1/snapshot`, { origin }), origin).toBe(403);
    }
    for (const origin of ['https://good.example', `http://127.0.0.1:${port}`]) {
      expect(await refusal(url, { headers: { origin } }), origin).toBe('let in');
    }
  });

  test('lists the subprotocols that it knows to whom it refuses', async () => {
    const { url } = await start();
    for (const protocols of [[], ['rivulet.v2'], ['graphql-ws', bearer('x')]]) {
      expect(await refusal(url, { protocols })).toBe('400 supported subprotocols: rivulet.v1');
    }
    expect(await refusal(`${url}elsewhere`, {})).toMatch(/^404/);
    expect(await refusal(`${url}v1`, {})).toBe('let in');
  });

  test('takes a token in a header, a subprotocol or hello, and never echoes it', async () => {
    const { url } = await start({ tokens });
    const header = await rawClient(url, { headers: { authorization: 'Bearer ordinary' } });
    const protocol = await rawClient(url, { protocols: [bearer('ordinary'), 'rivulet.v1'] });
    const hello = await rawClient(url, { hello: { auth: 'ordinary' } });
    for (const { next, socket } of [header, protocol, hello]) {
      expect((await next('welcome')).roles).toEqual(['read', 'predict', 'feed']);
      expect(socket.protocol).toBe('rivulet.v1');
    }
  });

  test('lets nobody in with a wrong, an old or no token', async () => {
    const { url } = await start({ tokens });
    for (const token of ['wrong', 'old', 'ordinary ', 'Ordinary']) {
      expect(await refusal(url, { protocols: ['rivulet.v1', bearer(token)] })).toMatch(/^401/);
      const { closed } = await rawClient(url, { hello: { auth: token } });
      expect((await closed).code).toBe(4401);
    }
    const { closed } = await rawClient(url);
    expect((await closed).code).toBe(4401);
    const { status: http, headers } = await fetch(new URL('/v1/snapshot', url));
    expect([http, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  test('tells a client with a wrong token why, once, and it does not come back', async () => {
    const { url } = await start({ tokens });
    const connection = connect(url, { token: 'wrong' });
    const phases: string[] = [];
    connection.state.subscribe(({ phase }) => phases.push(phase));
    await expect(connection.predict([[0, 1]])).rejects.toMatchObject({
      ...{ name: 'ConnectionClosed', code: 4401, message: 'a valid token is needed' },
    });
    await expect(firstValueFrom(connection.cost)).rejects.toMatchObject({ code: 4401 });
    expect(phases).toEqual(['connecting', 'closed']);
  });

  test('logs who comes, goes and is refused, and no secret', async () => {
    const lines: string[] = [];
    const log = (fields: object, message: string): void => {
      lines.push(JSON.stringify({ ...fields, message }));
    };
    const { url } = await start({ tokens, logger: { info: log, warn: log } });
    await refusal(url, { headers: { authorization: 'Bearer wrong-secret' } });
    const { closed } = await rawClient(url, { hello: { auth: 'ordinary', model: 'none' } });
    await closed;
    await eventually(() => expect(lines.at(-1)).toContain('"code":4403'));
    expect(lines.map((line) => JSON.parse(line).message)).toEqual([
      'refused a connection',
      'connected',
      'disconnected',
    ]);
    expect(lines.join()).not.toMatch(/secret|ordinary|bearer/i);
  });

  test('keeps a token to its models', async () => {
    const { url } = await start({ tokens });
    const hello = { auth: 'other only' };
    expect((await (await rawClient(url, { hello })).closed).code).toBe(4403);
    const other = await rawClient(url, { hello: { ...hello, model: 'other' } });
    expect(await other.next('welcome')).toMatchObject({
      model: { name: 'other' },
      models: ['other'],
    });
    const headers = { authorization: 'Bearer other only' };
    expect((await fetch(new URL('/v1/snapshot', url), { headers })).status).toBe(401);
  });

  const requests: Record<Role, object> = {
    read: { t: 'sub', id: 1, topic: 'cost' },
    predict: { t: 'predict', id: 1, x: [[0, 1]] },
    feed: { t: 'feed', id: 1, samples: [{ x: [0, 1], y: [1] }] },
    admin: { t: 'admin', id: 1, op: 'pause' },
  };
  const routes: readonly (readonly [Role | null, string, string])[] = [
    ['read', 'GET', '/v1/snapshot'],
    ['read', 'GET', '/v1/model'],
    ['read', 'GET', '/metrics'],
    ['read', 'GET', '/v2/models/toy'],
    ['read', 'GET', '/v2/models/toy/ready'],
    ['predict', 'POST', '/v2/models/toy/infer'],
    ['feed', 'POST', '/v1/feed'],
    [null, 'GET', '/v1/asyncapi.json'],
    [null, 'GET', '/v2'],
    [null, 'GET', '/v2/health/live'],
    [null, 'GET', '/v2/health/ready'],
  ];

  test.each(roles)('gives the role %s what it may, over the socket and over HTTP', async (role) => {
    const { url } = await start({ tokens });
    for (const needed of roles) {
      const { say, next, messages } = await rawClient(url, { hello: { auth: role } });
      await next('welcome');
      say(requests[needed]);
      await eventually(() => expect(messages.length).toBeGreaterThan(1));
      const isRefused = messages.some((found) => found.t === 'err' && found.code === 'forbidden');
      expect(isRefused, needed).toBe(role !== needed);
    }
    for (const [needed, method, path] of routes) {
      const headers = { authorization: `Bearer ${role}` };
      const response = await fetch(new URL(path, url), { method, headers });
      const isRefused = response.status === 403;
      expect(isRefused, path).toBe(needed !== null && needed !== role);
      const bare = await fetch(new URL(path, url), { method });
      expect(bare.status === 401, path).toBe(needed !== null);
    }
  });

  test('sends an expired token away with a code that says to get another', async () => {
    const { url } = await start({ tokens: [{ token: 'short', expiresAt: Date.now() + 1_500 }] });
    const { next, closed } = await rawClient(url, { hello: { auth: 'short' } });
    await next('welcome');
    expect((await closed).code).toBe(4004);
  });

  test('serves https and wss', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rivulet-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const ask = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost'.split(' ');
    execFileSync('openssl', [...ask, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const tls = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
    const server = await start({ tls });
    expect(server.url).toMatch(/^https:/);
    class Trusting extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { rejectUnauthorized: false });
      }
    }
    const connection = connect(server.url, { WebSocket: Trusting as never });
    closing.push(() => connection.close());
    expect((await firstValueFrom(connection.cost)).step).toBe(1);
  });
});
