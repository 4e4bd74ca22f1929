import { availableParallelism } from 'node:os';

/** The files of `src/` that this run mutates, as a pattern: of one folder, or of a part of it. */
const mutated = process.env['MUTATED'] ?? 'snapshot/**/*.ts';
const folder = mutated.split('/')[0];
const results = `test/mutation/results/${mutated.replace(/\/\*.*|\.ts$/g, '').replaceAll('/', '.')}`;

/** Code generators: a mutant of one writes another program, which the tests of equal bits notice. */
const generators = {
  math: ['wasm/**', 'moments-*.ts', 'moment-arrays.ts', 'logarithms.ts', 'score-formats.ts'],
  learn: ['kernel/**', 'pool/kernel/**'],
};

export default {
  mutate: [
    `src/${mutated}`,
    ...(generators[folder] ?? []).map((pattern) => `!src/${folder}/${pattern}`),
  ],
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // A mutant in a constant of a module needs all tests again: too slow for what it tells.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: `${results}.json`,
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, allowEmojis: false },
  jsonReporter: { fileName: `${results}.report.json` },
  tempDirName: '.stryker',
  ignorePatterns: ['dist', 'clients', 'docs', 'bench', 'test/end-to-end', 'test/mutation/results'],
  allowEmpty: false,
  checkers: [],
  disableTypeChecks: false,
  concurrency: Number(process.env['CONCURRENCY'] ?? Math.max(1, availableParallelism() - 1)),
  // Of a mutant that loops for ever, beside what its tests take without a mutant.
  timeoutMS: 10_000,
};
