/**
 * `npm run mutate [path…]`: mutates one folder of `src/` after the other, smallest first. A path below
 * such a folder, as `learn/mixing` or `math/exp.ts`, limits a run to it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const folders = ['snapshot', 'math', 'client', 'encode', 'broadcast', 'evaluate', 'learn'];
const chosen = process.argv.slice(2).map((path) => path.replace(/^src\/|\/$/g, ''));
const isKnown = (path) =>
  folders.includes(path.split('/')[0]) && existsSync(join(root, 'src', path));
const unknown = chosen.filter((path) => !isKnown(path));
if (unknown.length > 0) {
  console.error(
    `no such path: ${unknown.join(', ')}; choose from ${folders.join(', ')} and what is below`,
  );
  process.exit(2);
}

/** Runs a program in the clone; ends with its exit code if it fails. */
const run = (command, args, options = {}) => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
};

const stryker = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js');
if (!existsSync(stryker)) run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here });
for (const path of chosen.length > 0 ? chosen : folders) {
  const isFolder = statSync(join(root, 'src', path)).isDirectory();
  const env = { ...process.env, MUTATED: isFolder ? `${path}/**/*.ts` : path };
  run(process.execPath, [stryker, 'run', 'test/mutation/stryker.config.mjs'], { env });
}
