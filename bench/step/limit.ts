import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How the C program is compiled. */
export const limits: Readonly<Record<string, readonly string[]>> = {
  'C, 128 bits': ['-msse4.2'],
  'C, 128 bits, native': ['-march=native'],
  'C, 256 bits, native': ['-march=native', '-DLANES=8'],
};

const source = fileURLToPath(new URL('../limit/step.c', import.meta.url));

/** Updates per second of the C program; null where it does not compile here. */
export const limitRate = (
  sizes: readonly [number, number, number],
  flags: readonly string[],
): number | null => {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-limit-'));
  try {
    const program = join(folder, 'step');
    const [inputs, hidden, outputs] = sizes;
    const shape = [`-DI=${inputs}`, `-DH=${hidden}`, `-DO=${outputs}`];
    execFileSync('gcc', ['-O3', '-ffast-math', ...flags, ...shape, source, '-o', program, '-lm'], {
      stdio: 'ignore',
    });
    return JSON.parse(execFileSync(program, ['0.6'], { encoding: 'utf8' })).updatesPerSecond;
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
};
