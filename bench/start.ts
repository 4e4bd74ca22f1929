import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Bench } from './report.ts';

const built = 'dist/index.js';

const program = (file: string): string => `
  await import('rxjs');
  const start = performance.now();
  const { Network } = await import(${JSON.stringify(file)});
  const imported = performance.now();
  const network = new Network({ sizes: [64, 30, 10] });
  network.learn(new Float64Array(64).fill(0.5), new Float64Array(10));
  const end = performance.now();
  console.log(JSON.stringify([imported - start, end - imported, end - start]));
`;

/** How soon a fresh process has learned its first sample. */
export const start: Bench = {
  name: 'start',
  about: 'milliseconds from nothing to the first update, rxjs already imported',
  run() {
    if (!existsSync(built)) execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'ignore' });
    const code = program(pathToFileURL(built).href);
    const runs = Array.from({ length: 15 }, () => {
      const out = execFileSync(process.execPath, ['--input-type=module', '-e', code]);
      return JSON.parse(out.toString()) as number[];
    });
    runs.sort((a, b) => a[2]! - b[2]!);
    const [best, median] = [runs[0]!, runs[7]!];
    const row = (name: string, [imports, first, all]: readonly number[]) => ({
      milliseconds: name,
      import: imports!,
      'network and update': first!,
      all: all!,
    });
    return {
      rows: [row('best of 15', best), row('median', median)],
      figures: [{ name: 'first update, ms', value: best[2]!, atMost: 50 }],
      notes: ['The best counts: whatever else the machine does only adds to it.'],
    };
  },
};
