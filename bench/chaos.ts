import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { initialRandom } from '../src/math/random.ts';
import { BuiltCli } from './built-cli.ts';
import { broker } from './chaos/broker.ts';
import { feeding, together } from './chaos/feeding.ts';
import { files } from './chaos/files.ts';
import type { Scenario } from './chaos/scenario.ts';

const scenarios: readonly Scenario[] = [...files, ...feeding, ...broker, together];

const usage = `usage: npm run chaos -- [--kills N] [--seed S] [--only NAME]

Kills rivulet at random moments (SIGKILL), N times in all (default 200), and compares what it has
learned in the end with what it learns undisturbed. The scenarios: ${scenarios.map(({ name }) => name).join(', ')}`;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];
const chosen = scenarios.filter(({ name }) => values.only === undefined || name === values.only);
const isMisuse = !Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed);
if (values.help || isMisuse || chosen.length === 0) {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}

/** Each scenario's share of the kills. */
const shareOf = (k: number): number =>
  Math.floor(kills / chosen.length) + (k < kills % chosen.length ? 1 : 0);

const run = async (scenario: Scenario, k: number, cli: BuiltCli): Promise<boolean> => {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-chaos-'));
  const random = initialRandom(seed * scenarios.length + scenarios.indexOf(scenario));
  const startMs = performance.now();
  let line: string;
  let isGood = true;
  try {
    const outcome = await scenario.run({ cli, folder, kills: shareOf(k), random });
    line = `exact   ${outcome.compared}`;
  } catch (error) {
    isGood = false;
    line = `FAILED  ${(error as Error).message}`;
  }
  rmSync(folder, { recursive: true, force: true });
  const seconds = Math.round((performance.now() - startMs) / 1000);
  console.log(
    `${scenario.name.padEnd(14)} ${String(shareOf(k)).padStart(3)} kills  ${line}  (${seconds} s)`,
  );
  return isGood;
};

console.log(`seed ${seed}`);
using cli = await BuiltCli.build();
let failed = 0;
for (const [k, scenario] of chosen.entries()) {
  if (shareOf(k) > 0 && !(await run(scenario, k, cli))) failed += 1;
}
const verdict = failed === 0 ? 'every model was exact' : `${failed} scenarios failed`;
console.log(`${kills} kills: ${verdict}`);
process.exitCode = failed === 0 ? 0 : 1;
