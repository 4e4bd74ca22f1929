import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

const folder = process.env['MUTATED'] ?? 'snapshot';

/** Folders whose parts the contract suites test. */
const hasContracts = ['learn', 'evaluate', 'math'].includes(folder);

const config = mergeConfig(base, defineConfig({}));

// Only tests that start no process: a mutant is tried with each test that reaches it.
config.test = {
  ...config.test,
  include: [
    `test/${folder}/**/*.test.ts`,
    ...(hasContracts
      ? [
          'activations',
          'detectors',
          'estimators',
          'initializers',
          'losses',
          'metrics',
          'optimizers',
        ].map((name) => `test/contracts/${name}.test.ts`)
      : []),
  ],
  exclude: ['**/node_modules/**', 'test/**/fuzz.test.ts', 'test/client/bundle.test.ts'],
  reporters: ['default'],
};

export default config;
