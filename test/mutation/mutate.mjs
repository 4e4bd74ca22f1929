/** `npm run mutate [folder…]`: mutates one folder of `src/` after the other, smallest first. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const folders = ['snapshot', 'math', 'client', 'encode', 'broadcast', 'evaluate', 'learn'];
const chosen = process.argv.slice(2);
const unknown = chosen.filter((folder) => !folders.includes(folder));
if (unknown.length > 0) {
  console.error(`no such folder: ${unknown.join(', ')}; choose from ${folders.join(', ')}`);
  process.exit(2);
}

/** Runs a program in the clone; ends with its exit code if it fails. */
const run = (command, args, options = {}) => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
};

const stryker = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js');
if (!existsSync(stryker)) run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here });
for (const folder of chosen.length > 0 ? chosen : folders) {
  const env = { ...process.env, MUTATED: folder };
  run(process.execPath, [stryker, 'run', 'test/mutation/stryker.config.mjs'], { env });
}
