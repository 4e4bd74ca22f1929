import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isBrowserMissing, launchBrowser } from './browser.ts';
import {
  type BuiltPage,
  buildPage,
  type LearningServer,
  learningServer,
} from './learning-server.ts';

const polling = { timeout: 45_000, interval: 100 };
/** Thousands are separated by narrow spaces. */
const numberIn = (text: string | null): number =>
  Number.parseFloat((text ?? '').replaceAll('\u202f', '').replace('−', '-'));

describe.skipIf(isBrowserMissing())('the page', () => {
  vi.setConfig({ testTimeout: 120_000 });
  let browser: Browser;
  let built: BuiltPage;
  const open: AsyncDisposable[] = [];

  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildPage()]);
  });
  afterAll(async () => {
    await browser.close();
    await built[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    for (const resource of open.splice(0).reverse()) await resource[Symbol.asyncDispose]();
  });

  const start = async (options: { port?: number } = {}): Promise<LearningServer> => {
    const server = await learningServer({ page: built.folder, ...options });
    open.push(server);
    return server;
  };

  const visit = async (url: string): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    open.push({ [Symbol.asyncDispose]: () => page.close() });
    await page.goto(url);
    return page;
  };

  const total = async (page: Page): Promise<number> =>
    numberIn(await page.getByTestId('total-cost').textContent());
  const accuracy = async (page: Page): Promise<number> =>
    numberIn(await page.getByTestId('score').textContent());
  const connection = (page: Page): Promise<string | null> =>
    page.getByTestId('connection').textContent();

  /** What the heat maps show, as numbers that change when a pixel does. */
  const pictures = (page: Page): Promise<number[]> =>
    page.$$eval('canvas.heat-map', (canvases) =>
      canvases.map((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const context = (canvas as HTMLCanvasElement).getContext('2d');
        const pixels = context?.getImageData(0, 0, width, height).data;
        return Array.from(pixels ?? []).reduce((sum, value, i) => sum + value * ((i % 251) + 1), 0);
      }),
    );

  it('shows J_total fall, the accuracy rise and the weights change', async () => {
    const page = await visit((await start()).url);
    await expect.poll(() => accuracy(page), polling).toBeGreaterThan(0);
    await expect.poll(() => pictures(page), polling).toHaveLength(4);
    const before = {
      total: await total(page),
      accuracy: await accuracy(page),
      pictures: await pictures(page),
    };
    await expect.poll(() => total(page), polling).toBeLessThan(before.total * 0.8);
    await expect.poll(() => accuracy(page), polling).toBeGreaterThan(before.accuracy + 5);
    const after = await pictures(page);
    for (const [index, picture] of after.entries())
      expect(picture).not.toBe(before.pictures[index]);
  });

  it('asks nobody else for anything, and breaks no rule of the content policy', async () => {
    const { url } = await start();
    const page = await browser.newPage();
    open.push({ [Symbol.asyncDispose]: () => page.close() });
    const [asked, complaints]: [string[], string[]] = [[], []];
    page.on('request', (request) => asked.push(new URL(request.url()).host));
    page.on(
      'console',
      (line) => ['error', 'warning'].includes(line.type()) && complaints.push(line.text()),
    );
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(url);
    await expect.poll(() => connection(page), polling).toBe('Live');
    await expect.poll(() => total(page), polling).toBeGreaterThan(0);
    expect(new Set(asked)).toEqual(new Set([new URL(url).host]));
    expect(complaints).toEqual([]);
  });

  it('says that the server is gone, and shows it again when it is back', async () => {
    const first = await start();
    const page = await visit(first.url);
    first.model.event({ kind: 'drift', step: 10, message: 'the cost has risen' });
    const told = page.locator('.event', { hasText: 'the cost has risen' });
    await expect.poll(() => told.count(), polling).toBe(1);
    await first[Symbol.asyncDispose]();
    open.splice(open.indexOf(first), 1);
    await expect.poll(() => connection(page), polling).toMatch(/trying again/);
    expect(await total(page)).toBeGreaterThan(0);
    await start({ port: first.port });
    await expect.poll(() => connection(page), polling).toBe('Live');
    await expect.poll(() => total(page), polling).toBeGreaterThan(0);
    expect(await told.count()).toBe(1);
  });

  it('stands still while paused, and says how far behind it is', async () => {
    const page = await visit((await start()).url);
    await expect.poll(() => total(page), polling).toBeGreaterThan(0);
    await page.keyboard.press('p');
    const resume = page.getByRole('button', { name: 'Resume view' });
    await expect.poll(() => resume.isVisible(), polling).toBe(true);
    const step = await page.getByTestId('step').textContent();
    const behind = page.locator('dt', { hasText: 'behind' }).locator('xpath=../dd');
    await expect
      .poll(async () => numberIn(await behind.textContent()), polling)
      .toBeGreaterThan(100);
    expect(await page.getByTestId('step').textContent()).toBe(step);
    await page.keyboard.press('p');
    await expect.poll(() => page.getByTestId('step').textContent(), polling).not.toBe(step);
  });

  it('keeps a zoom while numbers come in, until it is reset', async () => {
    const page = await visit((await start()).url);
    await expect.poll(() => total(page), polling).toBeGreaterThan(0);
    const whole = page.getByRole('button', { name: 'Whole run' });
    expect(await whole.isDisabled()).toBe(true);
    const plot = await page.locator('.cost .u-over').boundingBox();
    if (!plot) throw new Error('the cost chart is not there');
    const y = plot.y + plot.height / 2;
    await page.mouse.move(plot.x + plot.width * 0.3, y);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.6, y, { steps: 5 });
    await page.mouse.up();
    const step = await page.getByTestId('step').textContent();
    await expect.poll(() => page.getByTestId('step').textContent(), polling).not.toBe(step);
    expect(await whole.isDisabled()).toBe(false);
    await page.keyboard.press('0');
    await expect.poll(() => whole.isDisabled(), polling).toBe(true);
  });

  it('moves nothing about while numbers change', async () => {
    const page = await visit((await start()).url);
    await expect.poll(() => pictures(page), polling).toHaveLength(4);
    await page.waitForTimeout(1_000);
    const shifts = await page.evaluate(
      (ms) =>
        new Promise<string[]>((resolve) => {
          const found: string[] = [];
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
              const { sources } = entry as unknown as { sources: { node: Element | null }[] };
              found.push(...sources.map(({ node }) => node?.parentElement?.outerHTML ?? ''));
            }
          }).observe({ type: 'layout-shift' });
          setTimeout(() => resolve(found), ms);
        }),
      3_000,
    );
    expect(shifts).toEqual([]);
  });
});
