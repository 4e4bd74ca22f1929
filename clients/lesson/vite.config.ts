import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const src = (file: string): string => fileURLToPath(new URL(`../../src/${file}`, import.meta.url));

/** A folder of files that any web server serves, or this one at /lesson/: nothing inline, no font. */
export default defineConfig({
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    alias: [
      { find: 'rivulet/digits', replacement: src('sources/digits.ts') },
      { find: /^rivulet$/, replacement: src('index.ts') },
    ],
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    outDir: 'dist',
    emptyOutDir: true,
  },
});
