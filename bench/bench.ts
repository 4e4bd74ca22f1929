import { parseArgs } from 'node:util';
import * as benches from './benches.ts';
import { printReport } from './report.ts';

const usage = (): string => {
  const lines = Object.values(benches).map(({ name, about }) => `  ${name.padEnd(10)} ${about}`);
  return `usage: npm run --silent bench -- NAME [--json]\n\n${lines.join('\n')}`;
};

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  const bench = Object.values(benches).find(({ name }) => name === positionals[0]);
  if (!bench) throw new TypeError(usage());
  const report = await bench.run(positionals.slice(1));
  if (values.json) console.log(JSON.stringify({ bench: bench.name, ...report }));
  else printReport(bench, report);
};

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  // What it had started would keep the process.
  process.exit(2);
}
