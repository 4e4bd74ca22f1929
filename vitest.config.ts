import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const src = (file: string): string => fileURLToPath(new URL(`src/${file}`, import.meta.url));

export default defineConfig({
  // The examples name the package as its users do.
  resolve: {
    alias: [
      { find: /^rivulet$/, replacement: src('index.ts') },
      { find: 'rivulet/client', replacement: src('client/index.ts') },
      { find: 'rivulet/node', replacement: src('node/index.ts') },
      { find: 'rivulet/frozen', replacement: src('client/frozen-copy.ts') },
      { find: 'rivulet/digits', replacement: src('sources/digits.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['./test/property-seed.ts'],
    // On a loaded machine what is polled for may take a while: the default is one second.
    expect: { poll: { timeout: 25_000 } },
    // Vitest leaves one core free by default, which on two cores makes the suite take twice as long.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/count-reporter.ts'],
  },
});
