import { type BuildOptions, build } from 'esbuild';
import manifest from './package.json' with { type: 'json' };
import { threads } from './src/node/threads/start-thread.ts';

/** The file that a name of the package leads to, without its extension: `./dist/index.js` → `index`. */
const stem = (file: string): string => file.replace('./dist/', '').replace(/\.js$/, '');

const exported = Object.values(manifest.exports)
  .filter((target) => typeof target === 'object')
  .map((target) => stem(target.default));

/** How modules are made one, in the package and wherever its speed is measured. */
export const bundling = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'es2023',
  packages: 'external',
  // Names stay, for whoever reads a stack.
  minifySyntax: true,
  minifyWhitespace: true,
  // Node prints the line that throws before the message: without a limit it is the whole file. Source
  // maps it would not read, and whitespace that stays takes a millisecond more of each start.
  lineLimit: 120,
} as const satisfies BuildOptions;

/**
 * One file for each name of the package, and what they share in files beside them, so that a class
 * is the same by whichever name it comes. One by one, the modules take four times as long to load.
 */
export const bundle = (outdir: string): Promise<unknown> =>
  build({
    ...bundling,
    entryPoints: [...exported, stem(manifest.bin.rivulet), ...threads].map(
      (name) => `src/${name}.ts`,
    ),
    outbase: 'src',
    outdir,
    chunkNames: 'shared/[name]-[hash]',
    splitting: true,
  });

if (import.meta.filename === process.argv[1]) await bundle('dist');
