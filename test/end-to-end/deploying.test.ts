import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { type ServeOptions, serve } from '../../src/node/server/serve.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { ToyModel } from '../broadcast/toy-model.ts';
import { browserPath, isBrowserMissing } from './browser.ts';
import { type BuiltPage, buildPage } from './learning-server.ts';
import { endOf, runCli, startCli } from './run-cli.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/deploying.md'), 'utf8');
const name = 'model.example.org';

const folder = mkdtempSync(join(tmpdir(), 'rivulet-deploying-'));
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The blocks of the page in a language. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text]) => text!,
  );

/** Whether a program is left out of the tests: only where CI does not install it. */
const isMissing = (program: string): boolean => {
  const isFound = spawnSync('which', [program]).status === 0;
  if (!isFound && process.env['CI'] !== 'true') {
    process.stdout.write(`no ${program} on this machine: its configuration is not tested\n`);
    return true;
  }
  return false;
};

const certificate = { cert: join(folder, 'model.pem'), key: join(folder, 'model.key') };
let built: BuiltPage;
beforeAll(async () => {
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const output = ['-keyout', certificate.key, '-out', certificate.cert];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...output, ...subject],
    {
      stdio: 'ignore',
    },
  );
  built = await buildPage();
}, 60_000);
afterAll(() => built[Symbol.asyncDispose]());

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
};

/** A server behind a proxy, with the addresses of the clients that it saw. */
const upstream = async (options: ServeOptions) => {
  const addresses: unknown[] = [];
  const shown = broadcaster({ name: 'toy' });
  shown.publish(snapshotAt(1));
  const note = (entry: object): void =>
    void addresses.push((entry as { address: unknown }).address);
  const server = await serve(
    { broadcaster: shown, model: new ToyModel() },
    { port: 0, page: built.folder, logger: { info: note, warn: note }, ...options },
  );
  closing.push(() => server.close());
  return { server, addresses };
};

/** Starts a proxy; done when it listens. */
const startProxy = async (
  program: string,
  args: readonly string[],
  port: number,
): Promise<void> => {
  const child = spawn(program, args, { env: { ...process.env, HOME: folder } });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  closing.push(() => ended(child));
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${program} has ended: ${said}`);
    const isOpen = await new Promise<boolean>((done) => {
      const socket = connectTcp(port, '127.0.0.1', () => done(true)).on('error', () => done(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((done) => setTimeout(done, 50));
  }
};

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await new Promise((done) => child.once('close', done));
};

/** The server block of the page, with other lines in it or in the place of its location. */
const nginxServer = (change: (server: string) => string = (server) => server): string =>
  change(blocks('nginx')[0]!);

const startNginx = async (upstreamPort: number, server: string): Promise<number> => {
  const port = await freePort();
  const prefix = mkdtempSync(join(folder, 'nginx-'));
  mkdirSync(join(prefix, 'tmp'));
  const headers = /( {4}proxy_http_version[\s\S]*?)\n {2}\}/.exec(blocks('nginx')[0]!)![1]!;
  writeFileSync(join(prefix, 'rivulet-headers.conf'), headers);
  const password = execFileSync('openssl', ['passwd', '-apr1', 'open sesame'], {
    encoding: 'utf8',
  });
  writeFileSync(join(prefix, 'model.htpasswd'), `anna:${password}`);
  const site = server
    .replaceAll('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${upstreamPort}`)
    .replaceAll('/etc/ssl/model.pem', certificate.cert)
    .replaceAll('/etc/ssl/model.key', certificate.key)
    .replaceAll('/etc/nginx/model.htpasswd', join(prefix, 'model.htpasswd'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${prefix}/tmp/${kind};`,
  );
  const main = [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    ...['daemon off;', `pid ${prefix}/nginx.pid;`, 'worker_processes 1;', 'events {}'],
    ...['http {', 'access_log off;', ...temporary, site, '}'],
  ];
  writeFileSync(join(prefix, 'nginx.conf'), main.join('\n'));
  await startProxy('nginx', ['-p', prefix, '-c', join(prefix, 'nginx.conf'), '-e', 'stderr'], port);
  return port;
};

const startCaddy = async (upstreamPort: number): Promise<number> => {
  const port = await freePort();
  const site = blocks('caddy')[0]!
    .replace(`${name} {`, `https://${name}:${port} {\n\ttls ${certificate.cert} ${certificate.key}`)
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${upstreamPort}`);
  const global = '{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n';
  const path = join(mkdtempSync(join(folder, 'caddy-')), 'Caddyfile');
  writeFileSync(path, global + site);
  await startProxy('caddy', ['run', '--config', path, '--adapter', 'caddyfile'], port);
  return port;
};

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
  readonly location: string | undefined;
}

/** A request to the name of the site, wherever it lies. */
const ask = (
  port: number,
  path: string,
  { body, headers = {} }: { body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> =>
  new Promise((done, failed) => {
    const asked = httpsRequest(
      {
        ...{ host: '127.0.0.1', port, path, servername: name, rejectUnauthorized: false },
        method: body === undefined ? 'GET' : 'POST',
        headers: { host: `${name}:${port}`, ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += String(chunk);
        });
        const { statusCode: status, headers: answered } = response;
        response.on('end', () => done({ status, text, location: answered.location }));
      },
    );
    asked.on('error', failed).end(body);
  });

/** What a WebSocket says first; the status where it is refused. */
const firstWord = (port: number, path: string, headers: Record<string, string>): Promise<string> =>
  new Promise((done, failed) => {
    const socket = new WebSocket(`wss://127.0.0.1:${port}${path}`, ['rivulet.v1'], {
      ...{ servername: name, rejectUnauthorized: false },
      headers: { host: `${name}:${port}`, ...headers },
    });
    socket.on('open', () => socket.send('{"t":"hello","v":1}'));
    socket.on('message', (data) => {
      done(String(data));
      socket.terminate();
    });
    socket.on('unexpected-response', (_, { statusCode }) => done(String(statusCode)));
    socket.on('error', failed);
  });

/** What must work through each proxy, below a prefix. */
const checkThrough = async (port: number, prefix: string): Promise<void> => {
  const origin = `https://${name}:${port}`;
  expect(await ask(port, `${prefix}/`)).toMatchObject({
    status: 200,
    text: expect.stringContaining('<title>'),
  });
  expect((await ask(port, `${prefix}/healthz`)).text).toBe('{"live":true}');
  expect((await ask(port, `${prefix}/v1/snapshot`)).status).toBe(200);
  const predicted = await ask(port, `${prefix}/v1/predict`, { body: '{"x":[[1,2]]}' });
  expect(JSON.parse(predicted.text)).toMatchObject({ y: [[expect.any(Number)]] });
  // More than a proxy takes by default, and than it would buffer in memory.
  const rows = '{"features":{"a":1},"target":2}\n'.repeat(40_000);
  const fed = await ask(port, `${prefix}/v1/feed`, { body: rows });
  expect(JSON.parse(fed.text)).toMatchObject({ accepted: 40_000 });
  expect(await firstWord(port, `${prefix}/v1`, { origin })).toContain('"t":"welcome"');
  expect(await firstWord(port, `${prefix}/v1`, { origin: 'https://evil.example' })).toBe('403');
};

describe.skipIf(isMissing('nginx'))('the nginx configuration of the page', () => {
  test('passes the page, requests, large bodies and WebSockets', async () => {
    const { server, addresses } = await upstream({ allowedHosts: [name], trustProxy: true });
    const port = await startNginx(server.port, nginxServer());
    await checkThrough(port, '');
    // What a client claims is not believed: the last address is the one that nginx has seen.
    await firstWord(port, '/v1', { 'x-forwarded-for': '203.0.113.9' });
    expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
  }, 30_000);

  test('serves it under a path', async () => {
    const { server } = await upstream({ allowedHosts: [name], trustProxy: true });
    const location = blocks('nginx')[1]!;
    const port = await startNginx(
      server.port,
      nginxServer((site) => site.replace('  location / {', `${location}\n  location / {`)),
    );
    await checkThrough(port, '/models/heat');
  }, 30_000);

  test('works where the Host is not passed on, as the page says', async () => {
    expect(page).toContain(`--allow-host rivulet --allow-origin https://${name}\n`);
    const { server } = await upstream({
      allowedHosts: ['rivulet'],
      allowedOrigins: [`https://${name}`],
    });
    const site = nginxServer((whole) => whole.replace(/ +proxy_set_header Host .*\n/, ''));
    const actual = await startNginx(server.port, site);
    expect((await ask(actual, '/v1/snapshot')).status).toBe(200);
    const allowed = { origin: `https://${name}` };
    expect(await firstWord(actual, '/v1', allowed)).toContain('"t":"welcome"');
    const strict = await upstream({});
    const refused = await startNginx(strict.server.port, site);
    expect(await ask(refused, '/v1/snapshot')).toMatchObject({
      status: 403,
      text: expect.stringContaining('another server, rivulet:'),
    });
  }, 30_000);

  test('asks people for a password and sends the token of the server', async () => {
    const { server } = await upstream({ allowedHosts: [name], tokens: [{ token: 'TOKEN' }] });
    const site = nginxServer((whole) =>
      whole.replace(/ {2}location \/ \{[\s\S]*?\n {2}\}\n/, `${blocks('nginx')[2]}\n`),
    );
    const port = await startNginx(server.port, site);
    expect((await ask(port, '/v1/snapshot')).status).toBe(401);
    const authorization = `Basic ${Buffer.from('anna:open sesame').toString('base64')}`;
    expect((await ask(port, '/v1/snapshot', { headers: { authorization } })).status).toBe(200);
    expect(await firstWord(port, '/v1', { authorization })).toContain('"t":"welcome"');
  }, 30_000);
});

describe.skipIf(isMissing('caddy'))('the Caddyfile of the page', () => {
  test('passes all at the root and under a path', async () => {
    const { server, addresses } = await upstream({ allowedHosts: [name], trustProxy: true });
    const port = await startCaddy(server.port);
    await checkThrough(port, '');
    await checkThrough(port, '/models/heat');
    expect(await ask(port, '/models/heat')).toMatchObject({
      status: 302,
      location: '/models/heat/',
    });
    expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
  }, 30_000);
});

describe.skipIf(isBrowserMissing() || isMissing('nginx'))('a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: browserPath!,
      args: ['--no-sandbox', '--disable-gpu', `--host-resolver-rules=MAP *.example.org 127.0.0.1`],
    });
  }, 60_000);
  afterAll(() => browser.close());

  test('shows the page under a path of a proxy, and in a frame of a page that may', async () => {
    const portal = createServerOf('<title>portal</title>');
    const portalUrl = await portal.url;
    closing.push(portal.close);
    const { server } = await upstream({
      ...{ allowedHosts: [name], trustProxy: true },
      frameAncestors: [new URL(portalUrl).origin],
    });
    const location = blocks('nginx')[1]!;
    const port = await startNginx(
      server.port,
      nginxServer((site) => site.replace('  location / {', `${location}\n  location / {`)),
    );
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const tab = await context.newPage();
    const url = `https://${name}:${port}/models/heat/`;
    await tab.goto(url);
    await tab.getByTestId('connection').getByText('Live').waitFor();
    await tab.goto(portalUrl);
    await tab.setContent(`<iframe title="model" width="1200" height="800" src="${url}"></iframe>`);
    await tab.frameLocator('iframe').getByTestId('connection').getByText('Live').waitFor();
    await context.close();
  }, 60_000);
});

/** A page of somebody else. */
const createServerOf = (html: string) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () =>
      socket.end(
        `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${html.length}\r\nConnection: close\r\n\r\n${html}`,
      ),
    );
  }).listen(0, '127.0.0.1');
  const url = new Promise<string>((done) =>
    server.once('listening', () =>
      done(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    ),
  );
  return { url, close: () => new Promise((done) => server.close(done)) };
};

describe('the systemd unit', () => {
  const unit = readFileSync(join(root, 'docs/deploy/rivulet.service'), 'utf8');
  const command = /^ExecStart=(.*)$/m.exec(unit)![1]!;

  test.skipIf(isMissing('systemd-analyze'))('is one that systemd accepts', () => {
    const path = join(folder, 'rivulet.service');
    writeFileSync(path, unit.replace('/usr/bin/rivulet', '/bin/true'));
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', path], {
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('starts with options that exist, and a source that is not there ends it with code 2', async () => {
    const args = command
      .replace('mqtt://broker.lan', 'mqtt://127.0.0.1:9')
      .replace('/var/lib/rivulet', join(folder, 'state'))
      .replace('--port 8080', '--port 0 --wait 0.5')
      .split(' ')
      .slice(1);
    const { exitCode, stderr } = await runCli(args);
    expect(stderr).toContain('no broker at mqtt://127.0.0.1:9');
    expect(exitCode).toBe(2);
    expect(unit).toContain('RestartPreventExitStatus=2');
  }, 30_000);
});

describe('the Dockerfile', () => {
  const text = readFileSync(join(root, 'docs/deploy/Dockerfile'), 'utf8');
  const steps = text
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
  const stepsOf = (kind: string): string[] =>
    steps.filter(([is]) => is === kind).map(([, rest]) => rest);

  test('copies what is there, and installs all peers of the package', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(stepsOf('COPY')).toEqual([
      '. .',
      `--from=build /tmp/${manifest.name}-*.tgz ${manifest.name}.tgz`,
    ]);
    const install = stepsOf('RUN').find((step) => step.includes('npm install'))!;
    for (const [peer, range] of Object.entries<string>(manifest.peerDependencies)) {
      expect(install).toContain(`${peer}@${/\d+/.exec(range)![0]}`);
    }
    // npm refuses to install a package into a folder of the same name.
    expect(stepsOf('WORKDIR')).not.toContainEqual(expect.stringMatching(/\/rivulet$/));
    expect(stepsOf('ENTRYPOINT')).toEqual([
      `["node", "/app/node_modules/${manifest.name}/${manifest.bin.rivulet.slice(2)}"]`,
    ]);
    expect(manifest.scripts).toMatchObject({
      prepack: expect.any(String),
      prepare: expect.any(String),
    });
    expect(existsSync(join(root, 'package-lock.json'))).toBe(true);
  });

  test('has a command that serves, a health check that sees it, and a clean stop', async () => {
    const port = await freePort();
    const data = join(folder, 'data');
    const [command] = stepsOf('CMD').map((step) => JSON.parse(step) as string[]);
    const args = command!.map((arg) => arg.replace('8080', `${port}`).replace('/data', data));
    const check = /CMD (\[.*\])$/.exec(stepsOf('HEALTHCHECK')[0]!)![1]!;
    const [program, ...checkArgs] = JSON.parse(check.replaceAll('8080', `${port}`)) as string[];
    const isHealthy = (): boolean => spawnSync(program!, checkArgs).status === 0;
    expect(isHealthy()).toBe(false);
    process.env['RIVULET_TOKEN'] = 'secret';
    const child = startCli(args);
    delete process.env['RIVULET_TOKEN'];
    const end = endOf(child);
    await new Promise((done) => child.stdout!.once('data', done));
    expect(isHealthy()).toBe(true);
    child.kill('SIGTERM');
    const { exitCode } = await end;
    expect(exitCode).toBe(0);
    const { stdout } = await runCli(['check', data, '--json']);
    expect(JSON.parse(stdout).checkpoints[0]).toMatchObject({ verdict: 'good', isFinal: true });
  }, 60_000);
});
