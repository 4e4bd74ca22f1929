import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const clone = resolve(import.meta.dirname, '../..');

/** Says what it got from each name of the package. */
const program = `
  import { of } from 'rxjs';
  import * as core from 'rivulet';
  import * as client from 'rivulet/client';
  import { digitSamples } from 'rivulet/digits';
  import { fromMqtt } from 'rivulet/mqtt';
  import { serve, Broadcaster } from 'rivulet/node';
  const network = new core.Network({ sizes: [64, 30, 10], optimizer: core.sgd({ learningRate: 0.1 }) });
  let count = 0;
  of(...digitSamples().slice(0, 100)).pipe(core.learn(network)).subscribe(() => { count += 1; });
  console.log(JSON.stringify({
    engine: network.engine,
    count,
    parts: [client.connect, fromMqtt, serve, Broadcaster].map((part) => typeof part),
  }));
`;

/** An installed package: a folder with it and what it depends on, and nothing else. */
const install = (folder: string): string => {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: clone });
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const tarball = execFileSync('npm', pack, { cwd: clone, encoding: 'utf8' }).trim();
  const installed = join(folder, 'node_modules/rivulet');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', installed, '--strip-components=1']);
  const { dependencies, peerDependencies } = manifest;
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    symlinkSync(join(clone, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return installed;
};

describe('the package as it is installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-package-'));
  let installed: string;
  let cli: string;

  beforeAll(() => {
    installed = install(folder);
    cli = join(installed, manifest.bin.rivulet);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has every name, and the same parts behind all of them', () => {
    writeFileSync(join(folder, 'program.mjs'), program);
    const said = execFileSync(process.execPath, ['program.mjs'], { cwd: folder, encoding: 'utf8' });
    const parts = ['function', 'function', 'function', 'function'];
    expect(JSON.parse(said)).toEqual({ engine: 'simd', count: 100, parts });
  });

  it('shows the message of an error that nobody catches, and no wall of code', () => {
    const wrong = `import { Network } from 'rivulet'; new Network({ sizes: [64] });`;
    writeFileSync(join(folder, 'wrong.mjs'), wrong);
    const { stderr } = spawnSync(process.execPath, ['wrong.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const lines = stderr.split('\n');
    expect(lines).toContain('TypeError: sizes must list at least two layers, such as [64, 30, 10]');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(250);
  });

  it('has the types of every name', () => {
    for (const target of Object.values(manifest.exports)) {
      if (typeof target !== 'object') continue;
      expect(existsSync(join(installed, target.types)), target.types).toBe(true);
    }
  });

  it('knows its version', () => {
    const said = execFileSync(process.execPath, [cli, '--version'], { encoding: 'utf8' });
    expect(said.trim()).toBe(manifest.version);
  });

  it('serves the page, and trains in its worker', async () => {
    const page = join(installed, 'clients/dashboard/dist/index.html');
    // A clone that has not built its page packs none.
    mkdirSync(dirname(page), { recursive: true });
    if (!existsSync(page)) writeFileSync(page, '<!doctype html><title>Rivulet</title>');
    const server = spawn(process.execPath, [cli, 'serve', '--port', '0'], { cwd: folder });
    const ended = once(server, 'exit');
    try {
      const url = await addressOf(server.stdout, server.stderr);
      expect(await (await fetch(url)).text()).toContain('<title>');
      await expect.poll(() => stepAt(url), { timeout: 30_000 }).toBeGreaterThan(0);
    } finally {
      server.kill('SIGKILL');
      await ended;
    }
  }, 60_000);
});

const stepAt = async (url: string): Promise<number> => {
  const answer = await fetch(`${url}v1/snapshot`);
  return answer.ok ? ((await answer.json()) as { step: number }).step : 0;
};

/** The address that a server says it listens on. */
const addressOf = (...outputs: readonly NodeJS.ReadableStream[]): Promise<string> =>
  new Promise((found) => {
    for (const input of outputs) {
      createInterface({ input }).on('line', (line) => {
        const url = /http:\/\/[\w.:]+\//.exec(line)?.[0];
        if (url !== undefined) found(url);
      });
    }
  });
