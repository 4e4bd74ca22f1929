import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Lesson } from '../../clients/lesson/model/lesson.ts';
import { topics } from '../../clients/lesson/model/topics.ts';
import { equationNumber, wholeNumberText } from '../../clients/lesson/show/number-text.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { type ModelServer, serve } from '../../src/node/server/serve.ts';
import { isBrowserMissing, launchBrowser } from './browser.ts';
import { type BuiltPage, buildPage } from './learning-server.ts';

const bytesMax = 150_000;

describe.skipIf(isBrowserMissing())('the lesson', () => {
  vi.setConfig({ testTimeout: 120_000 });
  let browser: Browser;
  let built: BuiltPage;
  let server: ModelServer;

  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildPage()]);
    server = await serve(broadcaster({ name: 'idle' }), { port: 0, page: built.folder });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await built[Symbol.asyncDispose]();
  });

  const visit = async (
    {
      width = 1440,
      colorScheme = 'light',
    }: { width?: number; colorScheme?: 'light' | 'dark' } = {},
    path = 'lesson',
  ): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    await page.goto(new URL(path, server.url).href);
    await page.waitForSelector('main > *');
    return page;
  };

  /** Every number on the page that can be chosen, with the text that it shows. */
  const numbersOn = (page: Page): Promise<{ id: string; text: string }[]> =>
    page.$$eval('.pick[data-quantity]', (elements) =>
      elements.map((element) => ({
        id: element.getAttribute('data-quantity')!,
        text: element.textContent.trim(),
      })),
    );

  it('loads at most 150 KB, and nothing from elsewhere', async () => {
    const assets = join(built.folder, 'lesson/assets');
    const bytes = readdirSync(assets).map((file) => readFileSync(join(assets, file)));
    expect(gzipSync(Buffer.concat(bytes), { level: 9 }).length).toBeLessThanOrEqual(bytesMax);
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(server.url).origin)
        problems.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(new URL('lesson', server.url).href);
    await page.waitForSelector('.network');
    expect(page.url()).toBe(new URL('lesson/', server.url).href);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('learns to the same bits as Node, and shows the engine’s numbers at every step', async () => {
    const page = await visit();
    const lesson = new Lesson(topics.find(({ id }) => id === 'digits')!);
    await page.selectOption('.learn select', 'digits');
    await page.getByText('learn 100 samples').click();
    lesson.learn(100);
    const stepCount = await page.locator('.walk select option').count();
    expect(stepCount).toBe(10);
    for (let step = 0; step < stepCount; step++) {
      const numbers = await numbersOn(page);
      expect(numbers.length).toBeGreaterThan(5);
      for (const { id, text } of numbers) {
        expect(`${id} ${text}`).toBe(`${id} ${equationNumber(lesson.state.graph.get(id).value)}`);
      }
      if (step + 1 < stepCount) await page.getByTestId('next-step').click();
    }
    await page.close();
  });

  it('explains a number by others, again and again, down to what is given', async () => {
    const page = await visit();
    await page.getByText('learn 100 samples').click();
    const lesson = new Lesson(topics[0]!);
    lesson.learn(100);
    const shown = page.getByTestId('why-value');
    // From the new weight over its gradient to the output of the network, and to its input.
    await page.locator('.walk select').selectOption('8');
    await page.locator('.element .result .pick').click();
    for (let depth = 0; depth < 12; depth++) {
      const id = (await shown.getAttribute('data-id'))!;
      const { value, sources } = lesson.state.graph.get(id);
      // Every digit: the page computed the same bits.
      expect(await shown.textContent()).toContain(` = ${wholeNumberText(value)}`);
      const next = page.locator('.why .equations .pick').last();
      if (sources.length === 0) {
        await page.close();
        return;
      }
      await next.click();
    }
    throw new Error('the numbers never ended in one that is given');
  });

  it('measures the gradient of a weight on both engines, and says why the weight moved', async () => {
    const page = await visit();
    await page.locator('.walk select').selectOption({ label: '8. Gradients of W⁽¹⁾' });
    await page.locator('.element .result .pick').click();
    const text = async (id: string): Promise<number> =>
      Number((await page.getByTestId(id).textContent())!.replace('−', '-'));
    const [reference, simd] = [await text('difference-reference'), await text('difference-simd')];
    const derived = Number(
      (await page.getByTestId('why-value').textContent())!.split(' = ')[1]!.replace('−', '-'),
    );
    expect(reference).toBeCloseTo(derived, 4);
    expect(simd).toBeCloseTo(derived, 3);
    expect(await page.locator('.story p').last().textContent()).toMatch(
      /so the weight (grows|shrinks) by/,
    );
    await page.close();
  });

  it('follows a digit that a reader draws, and a number that one types', async () => {
    const page = await visit();
    await page.selectOption('.learn select', 'digits');
    await page.getByText('clear the picture').click();
    await page.locator('.picture rect').nth(12).click();
    expect(await page.locator('.learn .where').textContent()).toBe('a sample of your own');
    await page.locator('.inputs summary').click();
    expect(await page.locator('.inputs input').nth(12).inputValue()).toBe('1');
    await page.locator('.inputs input').nth(3).fill('0.5');
    await page.locator('.inputs input').nth(3).press('Tab');
    const numbers = await numbersOn(page);
    expect(numbers.find(({ id }) => id === 'h/1/3')?.text).toBe('0.5000');
    await page.close();
  });

  it('descends in one dimension and in two, and says how each descent ended', async () => {
    const page = await visit({}, 'lesson/#descent');
    const outcome = (): Promise<string | null> => page.getByTestId('outcome').textContent();
    expect(await outcome()).toBe('Converged after 70 steps: the minimum occurs at 2.2499646.');
    await page.getByText('a bowl', { exact: true }).click();
    await page.locator('input[type=text]').fill('x^2 + q');
    expect(await page.getByRole('alert').textContent()).toBe(
      'unknown name q; the variables are x (character 7).',
    );
    await page.locator('input[type=text]').fill('-x^2');
    expect(await outcome()).toMatch(/^Stopped because its 500 steps ran out, faster and faster/);
    await page.getByText('a bowl', { exact: true }).click();
    await page.locator('input[type=text]').fill('x^4');
    expect(await outcome()).toMatch(/^Diverged after \d+ steps: it left the finite numbers/);
    await page.getByText('two dimensions').click();
    expect(await outcome()).toMatch(/^Converged after \d+ steps: the minimum occurs at −?0\.0000/);
    await page.getByText('race five optimizers').click();
    expect(await page.locator('.map .path').count()).toBe(5);
    expect(await page.locator('.surface .path').count()).toBe(5);
    expect(await page.locator('.surface .tile').count()).toBe(900);
    const turned = (): Promise<string | null> =>
      page.locator('.surface .tile').first().getAttribute('points');
    const before = await turned();
    await page.locator('.turn input').press('ArrowRight');
    expect(await turned()).not.toBe(before);
    await page.locator('.grow input').press('End');
    expect(await page.locator('.standings td.words').allTextContents()).toEqual(
      Array(5).fill(expect.stringMatching(/^converged after \d+ steps$/)),
    );
    await page.close();
  });

  it.each([
    [320, 'light'],
    [900, 'dark'],
    [1440, 'light'],
    [1440, 'dark'],
  ] as const)('has no violation that axe finds, at %d px, %s', async (width, colorScheme) => {
    const page = await visit({ width, colorScheme });
    await page.locator('.walk select').selectOption('5');
    await page.locator('.element .result .pick').first().click();
    await page.evaluate(axe.source);
    const violations = (): Promise<string[]> =>
      page.evaluate(async () => {
        const run = (globalThis as unknown as { axe: typeof axe }).axe.run;
        return (await run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
    expect(await violations()).toEqual([]);
    await page.goto(new URL('lesson/#descent', server.url).href);
    await page.waitForSelector('.descent');
    await page.evaluate(axe.source);
    expect(await violations()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(
      true,
    );
    await page.close();
  });

  it('is walked by keyboard alone: the tour, the steps, and a number of an equation', async () => {
    const page = await visit();
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const { activeElement: element } = document;
        return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
      });
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let press = 0; press < 80; press += 1) {
        await page.keyboard.press('Tab');
        if (name.test(await focused())) return;
      }
      throw new Error(`Tab never came to ${name}`);
    };
    await tabTo(/^Take the tour$/);
    await page.keyboard.press('Enter');
    for (let stop = 1; stop < 8; stop++) {
      expect(await page.locator('.tour .where').textContent()).toBe(`${stop} of 8`);
      await tabTo(/^Next$/);
      await page.keyboard.press('Enter');
    }
    await tabTo(/^Done$/);
    await page.keyboard.press('Enter');
    expect(await page.locator('.tour').count()).toBe(0);
    await page.reload();
    await tabTo(/^Next step$/);
    await page.keyboard.press('Enter');
    await tabTo(/^The weight from unit 1 of layer 1/);
    await page.keyboard.press('Enter');
    expect(await page.getByTestId('why-value').getAttribute('data-id')).toBe('w/1/0/0');
    await page.close();
  });
});
