import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Runs a program again and again, each time in a process of its own. */
export interface Worker {
  /** What it prints, as JSON. */
  run(...words: readonly string[]): unknown;
  /** Removes what was built. */
  [Symbol.dispose](): void;
}

/**
 * Builds a TypeScript program, given by its URL, as the package is built. Running it through a loader
 * would be simpler, but that wraps each function to keep its name, which is slower than what users run.
 */
export const buildWorker = (source: URL): Worker => {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-bench-'));
  const outfile = join(folder, 'worker.mjs');
  symlinkSync(new URL('../node_modules', import.meta.url), join(folder, 'node_modules'));
  buildSync({
    entryPoints: [fileURLToPath(source)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
  });
  return {
    run: (...words) =>
      JSON.parse(execFileSync(process.execPath, [outfile, ...words], { encoding: 'utf8' })),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
};
