import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { EngineName } from '../src/learn/network-options.ts';
import { compareCase, type GoldenFile, worstOf } from './golden-case.ts';

const usage = 'usage: npm run --silent vectors -- FILE.json [--engine reference|simd] [--json]';

const main = (): void => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { engine: { type: 'string', default: 'reference' }, json: { type: 'boolean' } },
  });
  const [file] = positionals;
  if (file === undefined) throw new TypeError(usage);
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as GoldenFile;
  if (!Array.isArray(cases)) throw new TypeError(`${file} has no list "cases"`);
  const errors = cases.map((golden) => compareCase(golden, values.engine as EngineName));
  const total = worstOf(errors);
  if (values.json) {
    const { worst, ...parts } = total;
    console.log(JSON.stringify({ cases: cases.length, engine: values.engine, worst, ...parts }));
    return;
  }
  for (const [at, { sizes, activations, loss, optimizer }] of cases.entries()) {
    const network = `${sizes.join('-')} ${activations.join(',')} ${loss} ${optimizer.name}`;
    console.log(`${errors[at]!.worst.toExponential(1).padStart(8)}  ${network}`);
  }
  console.log(`${total.worst.toExponential(1).padStart(8)}  the worst of ${cases.length} cases`);
};

try {
  main();
} catch (error) {
  console.error(`vectors: ${(error as Error).message}`);
  process.exitCode = 2;
}
