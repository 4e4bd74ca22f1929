import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reading, surprises } from '../../clients/examples/emitter.ts';
import { makeService } from '../../clients/examples/fastify.ts';
import { consume, pretendQueue } from '../../clients/examples/queue.ts';
import { isBrowserMissing, launchBrowser } from '../end-to-end/browser.ts';

const folder = new URL('../../clients/examples/', import.meta.url);

test('each is shorter than 60 lines', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const lines = readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n').length;
    expect([file, lines < 60]).toEqual([file, true]);
  }
});

test('a service learns from its requests and answers /predict', async () => {
  const { app, pipeline } = makeService();
  for (let i = 0; i < 40; i += 1) {
    await Promise.all([app.inject('/work?size=0'), app.inject('/work?size=60')]);
  }
  while (pipeline.step < 80) await new Promise((resolve) => setTimeout(resolve, 5));
  const predicted = async (size: number): Promise<number> =>
    (await app.inject(`/predict?size=${size}`)).json<{ milliseconds: number }>().milliseconds;
  expect(await predicted(60)).toBeGreaterThan((await predicted(0)) + 15);
  await app.close();
});

test('a service tells its caller what is wrong with a query, and learns nothing from it', async () => {
  const { app, pipeline } = makeService();
  for (const path of ['/predict', '/work']) {
    for (const size of ['abc', 'null', '1e999', '-1', 'NaN']) {
      const answer = await app.inject(`${path}?size=${size}`);
      const message = `size must be a number of at least 0, not ${size}`;
      expect(answer.json()).toEqual({ statusCode: 400, error: 'Bad Request', message });
    }
  }
  expect((await app.inject('/predict')).json()).toMatchObject({ learned: 0 });
  expect(pipeline.step).toBe(0);
  await app.close();
});

test('an application hears of readings that were not expected, and of no others', () => {
  const machine = new EventEmitter();
  const heard: number[] = [];
  let time = 0;
  const subscription = surprises(machine).subscribe(() => heard.push(time));
  for (; time < 900; time += 1) machine.emit('reading', reading(time));
  subscription.unsubscribe();
  expect(heard).toEqual(expect.arrayContaining([299, 599, 899]));
  expect(heard.length).toBeLessThan(12);
});

test('a consumer acknowledges each message when it is learned, in order', async () => {
  const acked: number[] = [];
  const error = await consume(pretendQueue(2_000, (number) => acked.push(number)));
  expect(acked).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
  expect(error).toBeLessThan(20);
});

describe.skipIf(isBrowserMissing())('a page', () => {
  let server: ViteDevServer;
  let browser: Browser;

  beforeAll(async () => {
    // As the example's first lines say: `npx vite` with the folder, and whatever configuration it finds there.
    const root = fileURLToPath(new URL('mouse', folder));
    server = await createServer({ root, server: { port: 0 }, logLevel: 'silent' });
    [browser] = await Promise.all([launchBrowser(), server.listen()]);
  });
  afterAll(() => Promise.all([browser.close(), server.close()]));

  test('learns from the mouse, with the source of this clone', async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    const loaded: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('response', (response) => loaded.push(`${response.status()} ${response.url()}`));
    await page.goto(server.resolvedUrls!.local[0]!);
    const learned = async (): Promise<number> => {
      for (let i = 0; i < 50; i += 1) {
        await page.mouse.move(300 + 200 * Math.sin(i / 10), 300 + 100 * Math.cos(i / 10));
      }
      return Number.parseInt((await page.textContent('#told')) ?? '', 10);
    };
    await expect.poll(learned, { timeout: 20_000 }).toBeGreaterThan(20);
    const left = await page.$eval('#guess', (guess) => (guess as HTMLElement).style.left);
    expect(Number.isFinite(Number.parseFloat(left))).toBe(true);
    expect(errors).toEqual([]);
    expect(loaded.filter((answer) => answer.startsWith('200 '))).toContainEqual(
      expect.stringContaining('/src/index.ts'),
    );
  });
});
