import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { filter, firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frozenModel } from '../../src/node/cli/training/frozen-model.ts';
import { connect } from '../../src/node/server/connect.ts';
import { serve } from '../../src/node/server/serve.ts';
import { isBrowserMissing, launchBrowser } from './browser.ts';
import { buildPage } from './learning-server.ts';
import { runCli } from './run-cli.ts';
import { startServing } from './start-serving.ts';

const folder = mkdtempSync(join(tmpdir(), 'rivulet-frozen-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = Array.from({ length: 400 }, (_, i) => `${i % 20},${i % 20 < 10 ? 'low' : 'high'}`);
const source = join(folder, 'rows.csv');
const model = join(folder, 'model');

beforeAll(async () => {
  writeFileSync(source, `a,target\n${rows.join('\n')}\n`);
  expect((await runCli(['learn', source, '--save', model])).exitCode).toBe(0);
});

const post = async (url: string, path: string, body: unknown) => {
  const response = await fetch(new URL(path, url), { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, ...(await response.json()) };
};

describe('serve --frozen', () => {
  test('predicts and explains as the model that was saved, and does not learn', async () => {
    const { child, url, end } = await startServing(['--frozen', model]);
    try {
      const features = [{ a: 3 }, { a: 15 }];
      const predicted = await post(url, '/v1/predict', { features, named: true });
      expect(predicted).toMatchObject({ status: 200, labels: ['low', 'high'], step: 400 });
      const { stdout } = await runCli(['predict', model, '-', '--format', 'ndjson'], 'a\n3\n15\n');
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      const probabilities = predicted.named.map(
        (one: { probabilities: object }) => one.probabilities,
      );
      expect(lines.map((line) => line.probabilities)).toEqual(probabilities);
      expect(await post(url, '/v1/explain', { features })).toMatchObject({
        status: 200,
        contributions: [[{ a: expect.any(Number) }, {}], expect.anything()],
      });
      const snapshot = await (await fetch(new URL('/v1/snapshot', url))).json();
      expect(snapshot).toMatchObject({ step: 400, classes: ['low', 'high'] });
      expect(snapshot.metrics.accuracy).toBeGreaterThan(0.8);
      expect((await fetch(new URL('/v2/health/ready', url))).status).toBe(200);
      const sample = { features: { a: 1 }, target: 'low' };
      const fed = await fetch(new URL('/v1/feed', url), {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: JSON.stringify(sample),
      });
      expect(fed.status).toBeGreaterThanOrEqual(400);
      expect(await fed.text()).toContain(
        'this model is frozen: it predicts, and does not take samples',
      );
      expect(await post(url, '/v1/predict', { features, named: true })).toEqual(predicted);
    } finally {
      child.kill('SIGTERM');
    }
    const { exitCode, stdout, stderr } = await end;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Rivulet serves .*model, frozen at step 400: http:\S+\n$/);
  });

  test('tells clients that it is frozen, and of which source, without the folders', async () => {
    const { child, url, end } = await startServing(['--frozen', model]);
    const connection = connect(url);
    const welcome = await firstValueFrom(connection.welcome);
    expect(welcome.model).toMatchObject({
      frozen: true,
      source: { name: 'rows.csv', ended: 'the model is frozen' },
      features: [{ name: 'a', kind: 'number' }],
    });
    connection.close();
    child.kill('SIGTERM');
    await end;
  });

  test.each([
    [['digits', '--frozen', 'x'], '--frozen does not learn: leave out the source'],
    [['--frozen', 'x', '--checkpoint', 'y'], /--frozen.*cannot be used with.*--checkpoint/],
    [['--frozen', folder], 'has no checkpoint: make one with rivulet learn FILE --save'],
  ])('serve %j is refused', async (args, message) => {
    const { exitCode, stderr } = await runCli(['serve', '--port', '0', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });
});

test.each(['--worker', '--no-worker'])(
  'a source that has ended is named as such, by its base name: %s',
  async (thread) => {
    const { child, url, end } = await startServing([source, thread]);
    const connection = connect(url);
    const { model: shown } = await firstValueFrom(
      connection.welcome.pipe(filter((welcome) => welcome.model.source?.ended !== undefined)),
    );
    expect(shown.source).toEqual({
      ...{ name: 'rows.csv', replayable: false },
      ended: 'finished after 400 samples',
    });
    connection.close();
    // Also to a client that comes later.
    const later = connect(url);
    const welcome = await firstValueFrom(later.welcome);
    expect(welcome.model.source?.ended).toBe('finished after 400 samples');
    later.close();
    child.kill('SIGTERM');
    await end;
  },
);

describe.skipIf(isBrowserMissing())('the page', () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildPage>>;
  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildPage()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await built[Symbol.asyncDispose]();
  });

  test('of a frozen model says so, and shows its score', async () => {
    const server = await serve(await frozenModel(model), { port: 0, page: built.folder });
    const page = await browser.newPage();
    const failures: string[] = [];
    page.on('pageerror', ({ message }) => failures.push(message));
    await page.goto(server.url);
    const state = page.getByTestId('connection');
    await state.getByText('Frozen: it predicts, and does not learn').waitFor();
    await page.getByText('rows.csv').first().waitFor();
    expect(await page.getByTestId('step').textContent()).toBe('400');
    expect(await page.getByTestId('score').textContent()).toMatch(/^\d/);
    expect(failures).toEqual([]);
    await page.close();
    await server.close();
  }, 60_000);
});
