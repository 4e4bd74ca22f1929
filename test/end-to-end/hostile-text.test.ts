import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { progressBar } from '../../src/node/cli/reports/progress-bar.ts';
import { printable, printableJson } from '../../src/node/cli/terminal/printable.ts';
import { type Output, watch } from '../../src/node/cli/terminal/watch.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { serve } from '../../src/node/server/serve.ts';
import type { OpenedSource } from '../../src/node/sources/opened-source.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { eventually } from '../eventually.ts';
import { runCli, startCli } from './run-cli.ts';
import { startServing } from './start-serving.ts';

/** Sets the clipboard (OSC 52), moves the cursor (CSI, C0 and C1), breaks the line, turns the direction. */
const hostile = 'a\u001b]52;c;QUJD\u0007\u001b[99H\u009b99H\r\nz\u007f\u202eb\u2066c\u2028d\t';

/** Everything of it that a terminal would act upon. */
const acting = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Colours, and what redraws a line: the view's own. */
const own = new RegExp(
  `${'\\x1b'}\\[(?:\\d{1,3}(?:;\\d{1,3})*m|[0-2]?[KJ]|\\d*[ABG]|\\?25[lh]|\\?2026[lh])`,
  'g',
);

const actsIn = (text: string): string[] =>
  (text.replaceAll(own, '').match(acting) ?? []).filter((character) => character !== '\n');

const folder = mkdtempSync(join(tmpdir(), 'rivulet-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

const quoted = (text: string): string => `"${text}"`;

/** A file whose name, columns, classes and rows are hostile. */
const hostileFile = (): string => {
  const path = join(folder, `${hostile}.csv`);
  const header = ['id', 'k', quoted(`f${hostile}`), quoted(`t${hostile}`)];
  const rows = Array.from({ length: 40 }, (_, i) => [
    ...[`x${i}`, `${i % 3}`, `${i % 2}`],
    quoted(hostile + (i % 2)),
  ]);
  const bad = [quoted(hostile), quoted(hostile)];
  const lines = [header, ...rows, bad].map((fields) => fields.join(','));
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};

test('what is printable has no character that a terminal acts upon, and is cut', () => {
  expect(printable(hostile)).toBe(
    'a\\x1b]52;c;QUJD\\x07\\x1b[99H\\x9b99H\\r\\nz\\x7f\\u202eb\\u2066c\\u2028d\\t',
  );
  expect(printable('\ud800 \u{1F600} é 日本')).toBe('\\ud800 \u{1F600} é 日本');
  expect(printable(hostile, 5)).toBe('a\\x1b');
  expect(printable('x'.repeat(1_000))).toHaveLength(400);
  const json = printableJson(JSON.stringify({ [hostile]: hostile }));
  expect(actsIn(json)).toEqual([]);
  expect(JSON.parse(json)).toEqual({ [hostile]: hostile });
});

test.each([
  ['learn', []],
  ['learn', ['--json']],
  ['evaluate', []],
  ['evaluate', ['--json']],
])('%s %j escapes what a file says', async (command, options) => {
  const path = hostileFile();
  const args = [command, path, '--target', `t${hostile}`.trim(), '--id', 'id', ...options];
  const { exitCode, stdout, stderr } = await runCli(args);
  expect(exitCode).toBe(0);
  // Each line of what was inferred is one line.
  expect(stderr).toMatch(/^(?:rivulet: [^\n]*\n)*$/);
  expect([...actsIn(stdout), ...actsIn(stderr)]).toEqual([]);
});

test.each([
  ['a column', () => ['learn', hostileFile(), '--target', 'none']],
  ['a file', () => ['learn', join(folder, `no${hostile}`)]],
  ['an address', () => ['learn', `nothing${hostile}://there`]],
  ['a command', () => [`lern${hostile}`]],
  ['an option', () => ['learn', 'digits', `--x${hostile}`]],
  ['a server', () => ['feed', `http://${hostile}`, hostileFile()]],
  ['a folder to check', () => ['check', join(folder, `none${hostile}`)]],
  ['a function', () => ['descend', `x^${hostile}`]],
  ['a server to watch', () => ['watch', `nowhere${hostile}`]],
])('an error that names %s is one line of plain text', async (_what, args) => {
  const { exitCode, stdout, stderr } = await runCli(args());
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^rivulet: [^\n]+\n$/);
  expect(actsIn(stderr)).toEqual([]);
});

test('serve, its log and feed escape the names of a file and of a server', async () => {
  const path = hostileFile();
  const target = ['--target', `t${hostile}`.trim()];
  const { child, url, end } = await startServing([path, ...target, '--log', '--no-worker']);
  const fed = await runCli([
    'feed',
    url,
    path,
    ...target,
    '--producer',
    `p${hostile}`.slice(0, 30),
  ]);
  child.kill('SIGINT');
  const served = await end;
  for (const said of [fed.stdout, fed.stderr, served.stdout, served.stderr])
    expect(actsIn(said)).toEqual([]);
  expect(served.stdout).toContain('\\x1b]52;c;QUJD');
});

test('what a peer answers to a source is escaped', async () => {
  const server = createServer((_request, response) => {
    response.statusMessage = 'caf\u00e9\u009b99H';
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { exitCode, stderr } = await runCli(['learn', `http://127.0.0.1:${port}/`]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('answers 404');
  expect(actsIn(stderr)).toEqual([]);
});

const modelServer = async (): Promise<string> => {
  const model = broadcaster({ name: hostile });
  const server = await serve(model, { port: 0 });
  onTestFinished(() => server.close());
  const snapshot = snapshotAt(100);
  model.event({ kind: 'drift', step: 90, message: `risen ${hostile}` });
  model.publish({
    ...snapshot,
    metrics: { [`m${hostile}`]: 0.5, ...snapshot.metrics },
    tensors: snapshot.tensors.map((tensor) => ({ ...tensor, name: `${tensor.name}${hostile}` })),
  });
  return server.url;
};

test.each([
  ['on a terminal', { tty: true, json: false }],
  ['as lines', { tty: false, json: false }],
  ['as JSON', { tty: false, json: true }],
])('watch %s escapes what a server says', async (_how, { tty, json }) => {
  const url = await modelServer();
  const output = new PassThrough();
  const end = new AbortController();
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const screenLike = { isTTY: tty, columns: 200, rows: 60 };
  const done = watch(url, {
    everyMs: 20,
    json,
    signal: end.signal,
    output: Object.assign(output, screenLike) as Output,
  });
  const wanted = json
    ? ['"step":100']
    : ['risen a\\x1b]52', 'ma\\x1b]52', ...(tty ? ['l0.W'] : [])];
  await eventually(
    () => {
      for (const part of wanted) expect(text).toContain(part);
    },
    { interval: 20 },
  );
  end.abort();
  await done;
  expect(actsIn(text)).toEqual([]);
});

test('watch says why a server sent it away, and escapes the reason', async () => {
  const url = await modelServer();
  const child = startCli(['watch', url, '--model', `no${hostile}`]);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      said += chunk;
    });
  await new Promise((resolve) => child.once('close', resolve));
  expect(said).toMatch(/^rivulet: .*no model/m);
  expect(actsIn(said)).toEqual([]);
});

test('the progress bar escapes the name of its source', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 200, rows: 20 });
  const bar = progressBar({ name: hostile } as OpenedSource, {
    stream: stream as unknown as NodeJS.WriteStream,
  });
  bar.show(snapshotAt(10));
  const text = String(stream.read());
  expect(text).toContain('\\x1b]52');
  expect(actsIn(text)).toEqual([]);
});
