import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../eventually.ts';
import { isBrowserMissing, launchBrowser } from './browser.ts';

const clone = resolve(import.meta.dirname, '../..');
const page = resolve(clone, 'clients/dashboard');
const polling = { timeout: 60_000, interval: 100 };

/** `rivulet serve` as a person starts it, on a free port; its address is read from what it says. */
const startServing = async (...args: string[]): Promise<{ url: string; process: ChildProcess }> => {
  const command = ['--import', 'tsx', 'src/node/cli.ts', 'serve', '--port', '0', ...args];
  const server = spawn(process.execPath, command, {
    cwd: clone,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const output of [server.stdout, server.stderr]) {
    output.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  await eventually(() => expect(said).toMatch(/http:\/\/\S+/), polling);
  return { url: /http:\/\/[\w.:]+\/?/.exec(said)?.[0] ?? '', process: server };
};

describe.skipIf(isBrowserMissing())('the page that `rivulet serve` serves', () => {
  vi.setConfig({ testTimeout: 120_000 });
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startServing>>;

  beforeAll(async () => {
    if (!existsSync(resolve(page, 'dist/index.html')))
      await build({ root: page, logLevel: 'error' });
    [browser, server] = await Promise.all([launchBrowser(), startServing('--rate', '700')]);
  });
  afterAll(async () => {
    await browser.close();
    const ended = once(server.process, 'exit');
    server.process.kill('SIGINT');
    await ended;
  });

  it('shows the digits being learned', async () => {
    const tab = await browser.newPage();
    await tab.goto(server.url);
    const numberOf = async (id: string): Promise<number> =>
      Number.parseFloat((await tab.getByTestId(id).textContent()) ?? '');
    await expect.poll(() => numberOf('total-cost'), polling).toBeGreaterThan(0);
    await expect.poll(() => numberOf('score'), polling).toBeGreaterThan(0);
    const [cost, score] = [await numberOf('total-cost'), await numberOf('score')];
    await expect.poll(() => numberOf('total-cost'), polling).toBeLessThan(cost);
    await expect.poll(() => numberOf('score'), polling).toBeGreaterThan(score);
    for (const picture of ['canvas.heat-map', '.guess canvas']) {
      await expect.poll(() => tab.locator(picture).count(), polling).toBeGreaterThan(0);
    }
  });
});
