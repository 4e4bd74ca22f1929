/**
 * `npm run mutate:listed [word…]`: applies each mutant of `mutants.json` in a scratch copy and runs its
 * tests, which must fail. With words: only the mutants whose file, text or reason contains one of them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const words = process.argv.slice(2);
const mutants = JSON.parse(readFileSync(join(import.meta.dirname, 'mutants.json'), 'utf8')).filter(
  (mutant) => words.length === 0 || words.some((w) => JSON.stringify(mutant).includes(w)),
);

/** A copy of the clone's files, with its packages. */
const copyClone = () => {
  const copy = mkdtempSync(join(tmpdir(), 'rivulet-mutants-'));
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = spawnSync('git', listing, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const files = stdout.split('\0').filter((file) => file !== '');
  for (const file of files) cpSync(join(root, file), join(copy, file), { force: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
};

const copy = copyClone();
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

/** Whether the tests pass: Vitest's exit code is 0, 1 where a test fails; anything else is an error. */
const isPassing = (tests, only) => {
  const filter = only === undefined ? [] : ['--testNamePattern', only];
  const args = [vitest, 'run', '--bail=1', '--reporter=dot', ...filter, ...tests];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, NO_COLOR: '1' },
  });
  const hasRun = /\d+ (passed|failed)/.test(stdout);
  if (!hasRun) throw new Error(`${tests.join(' ')} did not run:\n${stdout}${stderr}`);
  return status === 0;
};

const started = Date.now();
let survivorCount = 0;
try {
  // A test that fails without a mutant kills nothing.
  const suites = new Map(mutants.map(({ tests, only }) => [`${tests} ${only}`, { tests, only }]));
  for (const { tests, only } of suites.values()) {
    if (!isPassing(tests, only)) throw new Error(`${tests.join(' ')} fails without a mutant`);
  }
  for (const { file, from, to, tests, only } of mutants) {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${file} must contain once: ${from}`);
    writeFileSync(path, parts.join(to));
    const isKilled = !isPassing(tests, only);
    writeFileSync(path, text);
    if (!isKilled) survivorCount += 1;
    console.log(`${isKilled ? 'killed  ' : 'SURVIVED'} ${file}: ${from.trim()} → ${to.trim()}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const seconds = Math.round((Date.now() - started) / 1000);
console.log(
  `${mutants.length - survivorCount} of ${mutants.length} mutants killed in ${seconds} s`,
);
process.exitCode = survivorCount === 0 ? 0 : 1;
