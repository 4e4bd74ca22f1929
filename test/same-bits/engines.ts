import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

export type Hashes = Readonly<Record<string, string>>;

/** Another JavaScript engine, or another version of one. */
export interface Engine {
  readonly name: string;
  /** Undefined where nobody said where it is. */
  readonly program: string | undefined;
  /** Whether CI always has it. */
  readonly isRequired: boolean;
  run(program: string, code: string): Promise<Hashes>;
}

/** Runs code as a module in a process of its own, which prints what it found as JSON. */
const inProcess =
  (...options: readonly string[]) =>
  async (program: string, code: string): Promise<Hashes> => {
    const folder = await mkdtemp(join(tmpdir(), 'rivulet-engine-'));
    try {
      const file = join(folder, 'hashes.mjs');
      await writeFile(file, `${code}\nconsole.log(JSON.stringify(await rivulet.hashes()));\n`);
      // Apart from the folders of the user who runs the tests.
      const env = { ...process.env, DENO_DIR: folder, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' };
      const { stdout } = await promisify(execFile)(program, [...options, file], { env });
      return JSON.parse(stdout) as Hashes;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

const inPage = async (program: string, code: string): Promise<Hashes> => {
  const browser = await chromium.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    return await page.evaluate<Hashes>(`${code}\nrivulet.hashes()`);
  } finally {
    await browser.close();
  }
};

/** Where an environment variable says that a program is. */
const given = (variable: string): string | undefined => process.env[variable] || undefined;

/** What the hashes of this Node are compared with. */
export const engines: readonly Engine[] = [
  { name: 'Chromium', program: '/usr/bin/chromium', isRequired: true, run: inPage },
  {
    name: 'the newest Node',
    program: given('NEWEST_NODE'),
    isRequired: true,
    run: inProcess(),
  },
  { name: 'Deno', program: given('DENO'), isRequired: false, run: inProcess('run', '-q') },
  { name: 'Bun', program: given('BUN'), isRequired: false, run: inProcess('run') },
];

/** In CI what is always there, and what was installed, must be there: else nothing is compared, and nobody knows. */
export const isSkipped = ({ name, program, isRequired }: Engine): boolean => {
  if (program !== undefined && existsSync(program)) return false;
  console.log(
    `${name} is not ${program ? `at ${program}` : 'installed'}: its bits are not compared`,
  );
  return process.env['CI'] !== 'true' || (!isRequired && program === undefined);
};

/** The hashes as this Node computes them. */
export const inThisNode = (code: string): Promise<Hashes> => inProcess()(process.execPath, code);

/** All parts and what they hash, as one text that each engine can run: `rivulet.hashes()`. */
export const bundled = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'hashes-program.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'rivulet',
    target: 'es2023',
  });
  return outputFiles[0]!.text;
};
