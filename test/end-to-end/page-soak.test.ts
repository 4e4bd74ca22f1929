import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isBrowserMissing, launchBrowser } from './browser.ts';
import { type BuiltPage, buildPage } from './learning-server.ts';
import { PretendServer } from './pretend-server.ts';

const polling = { timeout: 60_000, interval: 100 };

/** Four messages a version: ten thousand and more in all. */
const versions = 2_600;

describe.skipIf(isBrowserMissing())('the page, for a long time', () => {
  vi.setConfig({ testTimeout: 240_000 });
  let browser: Browser;
  let built: BuiltPage;

  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildPage()]);
  });
  afterAll(async () => {
    await browser.close();
    await built[Symbol.asyncDispose]();
  });

  const visit = async (): Promise<{ page: Page; pretend: PretendServer }> => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const pretend = new PretendServer(built.folder);
    await page.goto(await pretend.url());
    await expect.poll(() => page.getByTestId('connection').textContent(), polling).toBe('Live');
    return { page, pretend };
  };

  const heap = async (session: CDPSession): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize / 2 ** 20;
  };

  it('takes more than ten thousand messages without growing', async () => {
    const { page, pretend } = await visit();
    const session = await page.context().newCDPSession(page);
    const step = () => page.getByTestId('step').textContent();
    let warm = 0;
    for (let version = 1; version <= versions; version += 1) {
      pretend.publish(version);
      if (version % 130 > 0) continue;
      const said = version.toString().replace(/\B(?=(\d{3})+$)/, '\u202f');
      await expect.poll(step, polling).toBe(said);
      if (version === versions / 2) warm = await heap(session);
    }
    const grown = (await heap(session)) - warm;
    expect(grown).toBeLessThan(3);
    await page.close();
    await pretend[Symbol.asyncDispose]();
  });

  it('shows at once that a sample was not finite', async () => {
    const { page, pretend } = await visit();
    pretend.publish(1);
    const bad = page.locator('dt', { hasText: 'samples not finite' }).locator('xpath=../dd');
    await expect.poll(() => bad.textContent(), polling).toBe('0');
    pretend.publish(2, { nonFinite: 7 });
    await expect.poll(() => bad.textContent(), polling).toBe('7');
    await page.close();
    await pretend[Symbol.asyncDispose]();
  });
});
