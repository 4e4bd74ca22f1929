import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { bundle } from '../../build.ts';

const clone = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'rivulet-cli-'));
for (const name of ['clients', 'node_modules', 'package.json']) {
  symlinkSync(join(clone, name), join(folder, name));
}
// As its users have it: from its sources it takes five times as long to start.
await bundle(join(folder, 'dist'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts `rivulet` as a user would, without a terminal. */
export const startCli = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [join(folder, 'dist/node/cli.js'), ...args], {
    env: { ...process.env, NO_COLOR: '1' },
  });

/** What a run of `rivulet` came to. */
export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Waits for the end of a run that was started. */
export const endOf = (child: ChildProcess): Promise<CliRun> =>
  new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });

/** Runs `rivulet` to its end, with a text on standard input. */
export const runCli = (args: readonly string[], input = ''): Promise<CliRun> => {
  const child = startCli(args);
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return endOf(child);
};
