import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../build.ts';

/** `rivulet` as its users have it, built once: from its sources it takes five times as long to start. */
export class BuiltCli {
  readonly #folder: string;
  readonly #children = new Set<ChildProcess>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async build(): Promise<BuiltCli> {
    const folder = mkdtempSync(join(tmpdir(), 'rivulet-built-'));
    for (const name of ['clients', 'node_modules', 'package.json']) {
      symlinkSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), join(folder, name));
    }
    await bundle(join(folder, 'dist'));
    return new BuiltCli(folder);
  }

  /** Starts `rivulet` with these words, without a terminal. */
  start(words: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [join(this.#folder, 'dist/node/cli.js'), ...words], {
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    child.on('exit', () => this.#children.delete(child));
    return child;
  }

  /** Ends what still runs, and removes what was built. */
  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
