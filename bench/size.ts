import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Bench } from './report.ts';

const entry = `
  import { Network, sgd, learn, totalCost } from './src/index.ts';
  console.log(Network, sgd, learn, totalCost);
`;

/**
 * It was 24 until memories were validated when they are loaded, samples had a range, inputs could be
 * forgotten, and exp, log and tanh were ours, so that every engine gives the same bits.
 */
const kilobytesMax = 27;

/** What a page must load to learn. */
export const size: Bench = {
  name: 'size',
  about: 'bytes of a bundle with a network and the kernel in it, rxjs excepted',
  async run() {
    const result = await build({
      stdin: { contents: entry, resolveDir: process.cwd(), loader: 'ts' },
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      format: 'esm',
      external: ['rxjs'],
    });
    const bundle = result.outputFiles[0]!.contents;
    const inputs = Object.values(result.metafile.outputs)[0]!.inputs;
    const rows = Object.entries(inputs)
      .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
      .slice(0, 12)
      .map(([file, { bytesInOutput }]) => ({ file, bytes: bytesInOutput }));
    const kilobytes = gzipSync(bundle, { level: 9 }).length / 1000;
    return {
      rows: [...rows, { file: 'all, minified', bytes: bundle.length }],
      figures: [{ name: 'kB minified and gzipped', value: kilobytes, atMost: kilobytesMax }],
    };
  },
};
