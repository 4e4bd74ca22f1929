import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { weightsHash } from './weights-hash.ts';

const browser = '/usr/bin/chromium';
/** Where the newest Node is, which need not be the one that runs the tests. */
const newestNode = process.env['NEWEST_NODE'] ?? '$NEWEST_NODE';

/** One line for whoever wonders why a test did not run. In CI everything must. */
const isMissing = (program: string, what: string): boolean => {
  if (existsSync(program)) return false;
  console.log(`${what} is not at ${program}: its bits are not compared`);
  return process.env['CI'] !== 'true';
};

const bundled = async (): Promise<string> => {
  const entry = fileURLToPath(new URL('./weights-hash.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'rivulet',
  });
  return outputFiles[0]!.text;
};

describe('100,000 updates end in the same weights, bit by bit', () => {
  it('run after run', () => {
    expect(weightsHash()).toBe(weightsHash());
  });

  it.skipIf(isMissing(browser, 'Chromium'))('in Chromium', { timeout: 120_000 }, async () => {
    const launched = await chromium.launch({
      executablePath: browser,
      args: ['--no-sandbox', '--disable-background-networking'],
    });
    try {
      const page = await launched.newPage();
      const hash = await page.evaluate(`${await bundled()}; rivulet.weightsHash()`);
      expect(hash).toBe(weightsHash());
    } finally {
      await launched.close();
    }
  });

  it.skipIf(isMissing(newestNode, 'The newest Node'))(
    'in the newest Node',
    { timeout: 120_000 },
    async () => {
      const code = `${await bundled()}; console.log(rivulet.weightsHash())`;
      // By its standard input: an argument may not be as long.
      const hash = execFileSync(newestNode, ['-'], { input: code, encoding: 'utf8' });
      expect(hash.trim()).toBe(weightsHash());
    },
  );
});
