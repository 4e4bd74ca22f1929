import { execFile, execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pool } from '../../src/learn/pool/pool.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { type ModelServer, serve } from '../../src/node/server/serve.ts';
import { PipelineModel } from '../../src/node/training/pipeline-model.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { pages } from '../docs-pages.ts';

const python = '/usr/bin/python3';
const client = resolve(import.meta.dirname, '../../clients/python');

const isThere = ((): boolean => {
  try {
    execFileSync(python, ['-c', 'import websockets'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env['CI']) throw new Error('CI needs python3-websockets');
    return false;
  }
})();

const examples = [
  ...pages()
    .get('python.md')!
    .matchAll(/```python\n([\s\S]*?)```/g),
].map(([, code], index) => ({ index, code: code! }));

/** What the comments behind `print(…)` promise, in order. */
const promisedBy = (code: string): string[] =>
  [...code.matchAll(/^print\(.*\) {2}# (.*)$/gm)].map(([, text]) => text!);

describe.runIf(isThere)('the page on the Python client', () => {
  let server: ModelServer;
  let pipeline: Pipeline;
  beforeAll(async () => {
    const shown = broadcaster({ name: 'load' });
    const learner = pool({ task: 'regression', inputCount: 1, outputCount: 1 });
    pipeline = new Pipeline({ task: 'regression', learner, audience: shown });
    const model = new PipelineModel(pipeline);
    server = await serve({ broadcaster: shown, model }, { port: 0 });
  });
  afterAll(async () => {
    pipeline.stop();
    await server.close();
  });

  // In the order of the page: the second example sees what the first has fed.
  test.each(examples)('example $index prints what it says', async ({ code }) => {
    const program = code.replaceAll('127.0.0.1:8080', new URL(server.url).host);
    const env = { ...process.env, PYTHONPATH: client };
    const { stdout } = await promisify(execFile)(python, ['-c', program], { env, timeout: 25_000 });
    expect(promisedBy(code).length).toBeGreaterThan(0);
    expect(stdout.trimEnd().split('\n')).toEqual(promisedBy(code));
  });
});
