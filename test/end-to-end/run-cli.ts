import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../src/node/cli.ts', import.meta.url));

/** Starts `rivulet` as a user would, without a terminal. */
export const startCli = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', cli, ...args], {
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
