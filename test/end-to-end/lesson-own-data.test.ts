import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Lesson } from '../../clients/lesson/model/lesson.ts';
import { csvTable } from '../../clients/lesson/own/csv-table.ts';
import { drawingsTopic, emptyDrawing } from '../../clients/lesson/own/drawings-topic.ts';
import { firstPoints, pointSample, pointsTopic } from '../../clients/lesson/own/points-topic.ts';
import { tableTopic } from '../../clients/lesson/own/table-topic.ts';
import { equationNumber, wholeNumberText } from '../../clients/lesson/show/number-text.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { type ModelServer, serve } from '../../src/node/server/serve.ts';
import { isBrowserMissing, launchBrowser } from './browser.ts';
import { type BuiltPage, buildPage } from './learning-server.ts';

const table = `hours,sleep,tired,passed
1,8,no,no
2,5,yes,no
6,,yes,no
6,7,no,yes
8,5,yes,yes
8,8,no,yes
`;

describe.skipIf(isBrowserMissing())('data of a reader’s own in the lesson', () => {
  vi.setConfig({ testTimeout: 60_000 });
  let browser: Browser;
  let built: BuiltPage;
  let server: ModelServer;

  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildPage()]);
    server = await serve(broadcaster({ name: 'idle' }), { port: 0, page: built.folder });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    await built[Symbol.asyncDispose]();
  });

  const open = async (source: string): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    await page.goto(new URL('lesson', server.url).href);
    await page.selectOption('.learn select', source);
    return page;
  };

  /** Every digit of some weights after the update: they hang on all numbers of the pass. */
  const expectSameBits = async (page: Page, lesson: Lesson): Promise<void> => {
    const steps = await page.locator('.walk select option').allTextContents();
    const update = steps.findIndex((title) => title.includes('Update of W⁽¹⁾'));
    await page.locator('.walk select').selectOption(String(update));
    const picks = page.locator('.matrix .pick');
    const count = Math.min(4, await picks.count());
    for (let index = 0; index < count; index++) {
      await picks.nth(index).click();
      await page.locator('.element .result .pick').click();
      const shown = page.getByTestId('why-value');
      const id = (await shown.getAttribute('data-id'))!;
      const { value } = lesson.state.graph.get(id);
      expect(await shown.textContent()).toContain(` = ${wholeNumberText(value)}`);
    }
    const cost = await page.locator('[data-quantity="J"]').first().textContent();
    expect(cost).toBe(equationNumber(lesson.state.graph.get('J').value));
  };

  it('learns a pasted table in the page, to the same bits as Node', async () => {
    const page = await open('table');
    await page.locator('textarea').fill(table);
    await page.getByText('6 rows of your own, 4 inputs').waitFor();
    await page.getByText('learn 5,000 samples').click();
    const lesson = new Lesson(tableTopic(csvTable(table), 'passed').topic);
    lesson.learn(5000);
    await expectSameBits(page, lesson);
    for (let next = 0; next < 2; next++) await page.getByText('next', { exact: true }).click();
    expect(await page.getByTestId('missing').textContent()).toContain('sleep');
    await page.locator('.own select').selectOption('sleep');
    expect(await page.locator('.notice').textContent()).toBe(
      '1 row is left out: line 4: its sleep is missing.',
    );
    await page.locator('textarea').fill('a,b\n"1');
    expect(await page.getByRole('alert').textContent()).toBe(
      'Line 2: a quotation mark is not closed.',
    );
    await page.close();
  });

  it('learns a table that is dropped as a file, or chosen', async () => {
    const page = await open('table');
    const data = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'own.csv', { type: 'text/csv' }));
      return transfer;
    }, table);
    await page.dispatchEvent('textarea', 'drop', { dataTransfer: data });
    await page.getByText('6 rows of your own').waitFor();
    const buffer = Buffer.from('a,y\n1,2.5\n2,3.5\n3,4.25\n4,1.75\n');
    await page.setInputFiles('input[type=file]', { name: 'b.csv', mimeType: 'text/csv', buffer });
    await page.getByText('4 rows of your own').waitFor();
    await page.close();
  });

  it('learns drawings of a reader, to the same bits as Node', async () => {
    const page = await open('drawings');
    const picture = page.locator('.picture');
    const drawn: { x: number[]; y: number[] }[] = [];
    for (const [digit, column] of [
      [1, 4],
      [7, 2],
    ] as const) {
      const box = (await picture.boundingBox())!;
      await page.mouse.move(box.x + (column / 8) * box.width, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + (column / 8) * box.width, box.y + box.height - 20, {
        steps: 9,
      });
      await page.mouse.up();
      await page.locator('.target select').selectOption(String(digit));
      await page.locator('.inputs:not([open]) summary').click();
      const values = await page.$$eval('.inputs input', (inputs) =>
        inputs.map((input) => (input as unknown as { valueAsNumber: number }).valueAsNumber),
      );
      await page.locator('.inputs summary').click();
      expect(values.filter((value) => value > 0).length).toBeGreaterThan(6);
      drawn.push({ x: values, y: emptyDrawing.y.map((_, k) => Number(k === digit)) });
      await page.getByText('add this drawing').click();
    }
    expect(await page.getByTestId('drawings').textContent()).toBe('Drawings: 1 × 1, 1 × 7.');
    await page.getByText('learn 100 samples').click();
    const lesson = new Lesson(drawingsTopic(drawn));
    lesson.learn(100);
    lesson.follow({ x: emptyDrawing.x, y: drawn[1]!.y });
    await expectSameBits(page, lesson);
    await page.close();
  });

  it('learns points that are clicked or set by keyboard, to the same bits as Node', async () => {
    const page = await open('points');
    const lesson = new Lesson(pointsTopic(firstPoints));
    const box = (await page.locator('.plane').boundingBox())!;
    await page.getByRole('button', { name: 'orange' }).click();
    await page.mouse.click(box.x + box.width * 0.75, box.y + box.height * 0.25);
    await page.locator('.plane-frame').focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Space');
    await page.getByText('14 points').waitFor();
    const [clicked, set] = [pointSample(0.5, 0.5, 1), pointSample(-0.3, 0, 1)];
    const values = await page.$$eval('.inputs input', (inputs) =>
      inputs.map((input) => (input as unknown as { valueAsNumber: number }).valueAsNumber),
    );
    expect(values).toEqual(set.x);
    await page.getByText('previous', { exact: true }).click();
    const near = await page.$$eval('.inputs input', (inputs) =>
      inputs.map((input) => (input as unknown as { valueAsNumber: number }).valueAsNumber),
    );
    for (const [i, value] of near.entries())
      expect(Math.abs(value - clicked.x[i]!)).toBeLessThan(0.03);
    lesson.extend([...firstPoints, { x: near, y: clicked.y }, set]);
    lesson.choose(12);
    await page.getByText('learn 5,000 samples').click();
    lesson.learn(5000);
    await expectSameBits(page, lesson);
    // The background is what the network answers: both colours are there.
    expect(await page.locator('.cell.orange').count()).toBeGreaterThan(50);
    expect(await page.locator('.cell.blue').count()).toBeGreaterThan(50);
    await page.close();
  });
});
