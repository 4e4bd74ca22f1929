import { availableParallelism } from 'node:os';

/** The folder of `src/` that this run mutates. */
const folder = process.env['MUTATED'] ?? 'snapshot';

/** Code generators: a mutant of one writes another program, which the tests of equal bits notice. */
const generators = {
  math: ['wasm/**', 'moments-*.ts'],
  learn: ['kernel/**', 'pool/kernel/**'],
};

export default {
  mutate: [
    `src/${folder}/**/*.ts`,
    ...(generators[folder] ?? []).map((pattern) => `!src/${folder}/${pattern}`),
  ],
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // A mutant in a constant of a module needs all tests again: too slow for what it tells.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: `test/mutation/results/${folder}.json`,
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, allowEmojis: false },
  jsonReporter: { fileName: `test/mutation/results/${folder}.report.json` },
  tempDirName: '.stryker',
  ignorePatterns: ['dist', 'clients', 'docs', 'bench', 'test/end-to-end', 'test/mutation/results'],
  allowEmpty: false,
  checkers: [],
  disableTypeChecks: false,
  concurrency: Number(process.env['CONCURRENCY'] ?? Math.max(1, availableParallelism() - 1)),
  timeoutMS: 20_000,
};
