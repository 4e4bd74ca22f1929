import type { Browser, Page } from 'playwright-core';
import { from, lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Lesson } from '../../clients/lesson/model/lesson.ts';
import { frozenTopic, networkLearnerTopic } from '../../clients/lesson/server/frozen-topic.ts';
import { equationNumber } from '../../clients/lesson/show/number-text.ts';
import type { Model, Steering } from '../../src/broadcast/model.ts';
import { frozenCopy } from '../../src/client/frozen-copy.ts';
import type { Learner } from '../../src/learn/learner.ts';
import { Network } from '../../src/learn/network.ts';
import { pool } from '../../src/learn/pool/pool.ts';
import { singleNetwork } from '../../src/learn/single-network.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { type ModelServer, serve } from '../../src/node/server/serve.ts';
import { PipelineModel } from '../../src/node/training/pipeline-model.ts';
import { Pipeline } from '../../src/pipeline.ts';
import type { Example } from '../../src/sources/example.ts';
import { isBrowserMissing, launchBrowser } from './browser.ts';
import { type BuiltPage, buildPage } from './learning-server.ts';

/** Four features, one of which is missing now and then, and a number to predict. */
const examples: readonly Example[] = Array.from({ length: 120 }, (_, i) => ({
  features: {
    hour: i % 24,
    wind: Math.sin(i) * 5,
    ...(i % 7 === 0 ? {} : { temperature: 10 + Math.cos(i) }),
  },
  target: 100 + (i % 24) + Math.sin(i) * 20,
}));

describe.skipIf(isBrowserMissing())('the lesson on a server', () => {
  vi.setConfig({ testTimeout: 60_000 });
  let browser: Browser;
  let built: BuiltPage;

  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildPage()]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await built[Symbol.asyncDispose]();
  });

  /** A model that has learned the examples, and stands still. */
  const learned = async (learner: Learner, count = examples.length): Promise<Pipeline> => {
    const pipeline = new Pipeline({ task: 'regression', learner });
    await lastValueFrom(pipeline.run(from(examples.slice(0, count))));
    return pipeline;
  };

  const size = { task: 'regression', inputCount: 3, outputCount: 1 } as const;

  const serving = (
    model: Model,
    options: Partial<Parameters<typeof serve>[1]> = {},
  ): Promise<ModelServer> =>
    serve(
      { broadcaster: broadcaster({ name: 'power' }), model },
      { port: 0, page: built.folder, ...options },
    );

  const open = async (server: ModelServer): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(new URL('lesson', server.url).href);
    await page.selectOption('.learn select', 'server');
    return page;
  };

  /** Every number on the page that can be chosen is the one of a lesson in Node. */
  const expectNumbersOf = async (page: Page, lesson: Lesson): Promise<void> => {
    const numbers = await page.$$eval('.pick[data-quantity]', (elements) =>
      elements.map((element) => [
        element.getAttribute('data-quantity')!,
        element.textContent.trim(),
      ]),
    );
    expect(numbers.length).toBeGreaterThan(3);
    for (const [id, text] of numbers) {
      expect(`${id} ${text}`).toBe(`${id} ${equationNumber(lesson.state.graph.get(id!).value)}`);
    }
  };

  it('shows a frozen copy to every reader, with the numbers of the server’s own network', async () => {
    const server = await serving(new PipelineModel(await learned(singleNetwork(size))));
    const page = await open(server);
    await page.getByText('A frozen copy of the network of power, after 120 samples').waitFor();
    const lesson = new Lesson(frozenTopic(await frozenCopy(new URL('v1/', server.url))));
    const steps = await page.locator('.walk select option').count();
    for (let step = 1; step < steps; step++) {
      await page.getByTestId('next-step').click();
      await expectNumbersOf(page, lesson);
    }
    // The copy learns on in the page, to the same bits.
    await page.getByText('learn 100 samples').click();
    lesson.learn(100);
    await expectNumbersOf(page, lesson);
    await page.close();
    await server.close();
  });

  it('says which values a sample lacks, and what the model used instead', async () => {
    const server = await serving(new PipelineModel(await learned(singleNetwork(size))));
    const page = await open(server);
    await page.locator('.learn .where').waitFor();
    const missing = page.getByTestId('missing');
    for (let next = 0; next < 7 && (await missing.count()) === 0; next++) {
      await page.getByText('next', { exact: true }).click();
    }
    expect(await missing.textContent()).toMatch(
      /^Missing in this sample: temperature \(the model uses its mean 10\.\d+\)\.$/,
    );
    // The chain of its score ends in that mean.
    await page.locator('.unit-row .link').nth(2).click();
    await page.locator('.element .result .pick').click();
    expect(await page.locator('.why').textContent()).toContain('missing in the sample');
    await page.close();
    await server.close();
  });

  it('offers the nets of a pool, and the network learner', async () => {
    const server = await serving(new PipelineModel(await learned(pool(size))));
    const page = await open(server);
    const choice = page.locator('.server select');
    await choice.waitFor();
    expect(await choice.locator('option').allTextContents()).toEqual([
      expect.stringMatching(/^fast: 5 – 32 – 32 – 1, /),
      expect.stringMatching(/^steady: /),
      expect.stringMatching(/^replaying: 3 – 32 – 32 – 1, /),
      'the network learner, from nothing',
    ]);
    await choice.selectOption('steady');
    await page.getByText('A frozen copy of the net “steady” of power').waitFor();
    const copy = await frozenCopy(new URL('v1/', server.url), { network: 'steady' });
    const lesson = new Lesson(frozenTopic(copy));
    const steps = await page.locator('.walk select option').count();
    for (let step = 1; step < steps; step++) {
      await page.getByTestId('next-step').click();
      await expectNumbersOf(page, lesson);
    }
    await choice.selectOption('the network learner');
    await page.getByText('learn 100 samples').click();
    const learner = new Lesson(networkLearnerTopic(copy));
    learner.learn(100);
    await expectNumbersOf(page, learner);
    await page.close();
    await server.close();
  });

  it('pauses the model only with the role admin, and offers the copy to others', async () => {
    const model = new PipelineModel(await learned(singleNetwork(size)));
    const steered: Steering[] = [];
    const steer = model.steer.bind(model);
    model.steer = (steering) => {
      steered.push(steering);
      steer(steering);
    };
    const tokens = [
      { token: 'reader', roles: ['read'] },
      { token: 'chief', roles: ['read', 'admin'] },
    ] as const;
    const server = await serving(model, { tokens });
    const page = await open(server);
    const connectWith = async (token: string): Promise<void> => {
      const details = page.locator('.server details');
      if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
      await page.locator('.server input').fill(token);
      await page.getByText('connect', { exact: true }).click();
    };
    await connectWith('reader');
    await page.getByText('which goes on learning').waitFor();
    await page.getByText('pause the model').click();
    expect(await page.getByTestId('server-notice').textContent()).toContain(
      'needs a token with the role admin',
    );
    expect(steered).toEqual([]);
    await connectWith('chief');
    await page.getByText('which goes on learning').waitFor();
    await page.getByText('pause the model').click();
    await page.getByText('which is paused for everybody').waitFor();
    await page.getByText('let the model go on').click();
    await page.getByText('which goes on learning').waitFor();
    expect(steered).toEqual([{ op: 'pause' }, { op: 'resume' }]);
    await page.close();
    await server.close();
  });

  it('offers a smaller view of a network of ten million parameters', async () => {
    const network = new Network({
      sizes: [3, 3_200, 3_120, 1],
      activations: ['relu', 'tanh', 'identity'],
      ...{ optimizer: 'sgd', standardise: true },
    });
    const server = await serving(new PipelineModel(await learned(network, 3)));
    const page = await open(server);
    await page.getByText('This network is too large to be shown number by number').waitFor();
    await page.getByText('show the 12 most active units per layer').click();
    await page.getByText('A smaller view of the network of power').waitFor();
    const copy = await frozenCopy(new URL('v1/', server.url), { units: 12 });
    expect(copy.networks[0]!.parameters).toBeGreaterThan(1e7 - 1e5);
    const lesson = new Lesson(frozenTopic(copy));
    const steps = await page.locator('.walk select option').count();
    for (let step = 1; step < steps; step++) {
      await page.getByTestId('next-step').click();
      await expectNumbersOf(page, lesson);
    }
    await page.close();
    await server.close();
  });

  it('keeps the sample and its numbers when the server is replaced, and says so', async () => {
    const server = await serving(new PipelineModel(await learned(singleNetwork(size))));
    const page = await open(server);
    await page.locator('.learn .where').waitFor();
    const lesson = new Lesson(frozenTopic(await frozenCopy(new URL('v1/', server.url))));
    await page.getByTestId('next-step').click();
    await expectNumbersOf(page, lesson);
    const { port } = server;
    await server.close();
    await page.getByText('The frozen copy and its sample stay.').waitFor();
    const other = await serving(new PipelineModel(await learned(singleNetwork(size), 40)), {
      port,
    });
    await page.getByText('The server was replaced while you were reading.').waitFor();
    await expectNumbersOf(page, lesson);
    await page.getByRole('button', { name: 'take a new copy' }).click();
    await page.getByText('A frozen copy of the network of power, after 40 samples').waitFor();
    expect(await page.getByTestId('server-notice').count()).toBe(0);
    await page.close();
    await other.close();
  });
});
