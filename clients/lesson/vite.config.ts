import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const src = (file: string): string => fileURLToPath(new URL(`../../src/${file}`, import.meta.url));

/**
 * A folder of files that any web server serves, nothing inline and no font. It lies in the folder of the
 * dashboard, so that a server serves it at /lesson/.
 */
export default defineConfig({
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    alias: [
      { find: 'rivulet/frozen', replacement: src('client/frozen-copy.ts') },
      { find: 'rivulet/digits', replacement: src('sources/digits.ts') },
      { find: 'rivulet/client', replacement: src('client/index.ts') },
      { find: /^rivulet$/, replacement: src('index.ts') },
    ],
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    outDir: '../dashboard/dist/lesson',
    emptyOutDir: true,
  },
});
