import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isBrowserMissing, launchBrowser } from './browser.ts';
import {
  type BuiltPage,
  buildPage,
  type LearningServer,
  learningServer,
} from './learning-server.ts';

const polling = { timeout: 45_000, interval: 100 };

describe.skipIf(isBrowserMissing())('the page, for everybody', () => {
  vi.setConfig({ testTimeout: 120_000 });
  let browser: Browser;
  let built: BuiltPage;
  let server: LearningServer;

  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildPage()]);
    server = await learningServer({ page: built.folder });
    server.model.event({ kind: 'drift', step: 10, message: 'the cost has risen' });
    server.model.reject({ index: 12, code: 'value', reason: 'feature p3 is not a number' });
  });
  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
    await built[Symbol.asyncDispose]();
  });

  const visit = async (width: number, colorScheme: 'light' | 'dark'): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    await page.goto(server.url);
    await expect.poll(() => page.locator('canvas.heat-map').count(), polling).toBe(4);
    await expect.poll(() => page.locator('.confusion').count(), polling).toBe(1);
    return page;
  };

  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const { activeElement: element } = document;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });

  /** Presses Tab until something with that name has the focus. */
  const tabTo = async (page: Page, name: RegExp): Promise<string> => {
    for (let press = 0; press < 60; press += 1) {
      await page.keyboard.press('Tab');
      const label = await focused(page);
      if (name.test(label)) return label;
    }
    throw new Error(`Tab never came to ${name}`);
  };

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [320, 'light'],
    [320, 'dark'],
  ] as const)('has nothing that axe finds wrong at %i px, %s', async (width, scheme) => {
    const page = await visit(width, scheme);
    for (const button of await page.getByRole('button', { name: 'Data' }).all()) {
      await button.click();
    }
    await page.locator('.health summary').click();
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const found = await (globalThis as unknown as { axe: typeof axe }).axe.run();
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(beyond).toBe(0);
    await page.close();
  });

  it('can be used with the keyboard alone', async () => {
    const page = await visit(1280, 'light');
    await tabTo(page, /Pause view/);
    await page.keyboard.press('Enter');
    expect(await focused(page)).toMatch(/Resume view/);
    await tabTo(page, /^Total cost over/);
    const readout = page.locator('.cost .readout');
    const newest = await readout.textContent();
    await page.keyboard.press('Home');
    await expect.poll(() => readout.textContent(), polling).not.toBe(newest);
    await tabTo(page, /^Weights of layer l0/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await expect
      .poll(() => page.locator('.layer-map .readout').first().textContent(), polling)
      .toMatch(/w\(2, 1\) = /);
    await page.close();
  });

  it('opens its help with a key, closes it with Escape, and lets keys be turned off', async () => {
    const page = await visit(1280, 'light');
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys and options' });
    await expect.poll(() => dialog.isVisible(), polling).toBe(true);
    await page.getByLabel('Single keys are commands').uncheck();
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.isVisible(), polling).toBe(false);
    await page.keyboard.press('p');
    expect(await page.getByRole('button', { name: 'Pause view' }).isVisible()).toBe(true);
    await page.close();
  });

  it('keeps the theme that was chosen', async () => {
    const page = await visit(1280, 'light');
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.keyboard.press('t');
    await page.keyboard.press('t');
    await expect.poll(ground, polling).not.toBe(light);
    const dark = await ground();
    await page.reload();
    expect(await ground()).toBe(dark);
    await page.close();
  });
});
