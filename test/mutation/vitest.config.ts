import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

const folder = (process.env['MUTATED'] ?? 'snapshot').split('/')[0]!;

/** The contract suites that test the parts of a folder. */
const contracts: Readonly<Record<string, readonly string[]>> = {
  math: ['elementary-functions'],
  evaluate: ['detectors', 'metrics'],
  learn: ['activations', 'estimators', 'initializers', 'losses', 'optimizers'],
};

const config = mergeConfig(base, defineConfig({}));

// Only tests that start no process: a mutant is tried with each test that reaches it.
config.test = {
  ...config.test,
  include: [
    `test/${folder}/**/*.test.ts`,
    ...(contracts[folder] ?? []).map((name) => `test/contracts/${name}.test.ts`),
  ],
  exclude: ['**/node_modules/**', 'test/**/*.fuzz.test.ts', 'test/client/index.bundle.test.ts'],
  reporters: ['default'],
};

export default config;
