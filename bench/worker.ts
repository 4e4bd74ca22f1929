import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { bundling } from '../build.ts';
import { threads } from '../src/node/threads/start-thread.ts';

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
  // It stands where the package does: beside its name, its libraries and its threads.
  for (const name of ['package.json', 'node_modules']) {
    symlinkSync(new URL(`../${name}`, import.meta.url), join(folder, name));
  }
  const threadFiles = threads.map((name) => ({ in: `src/${name}.ts`, out: `dist/${name}` }));
  buildSync({
    ...bundling,
    entryPoints: [{ in: fileURLToPath(source), out: 'worker' }, ...threadFiles],
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    outdir: folder,
  });
  return {
    run: (...words) =>
      JSON.parse(
        execFileSync(process.execPath, [join(folder, 'worker.js'), ...words], { encoding: 'utf8' }),
      ),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
};
