import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { packageFolder } from './package-folder.ts';

/** The programs that run in a thread of their own: each is a file where the package is built. */
export const threads = [
  'node/training/worker/training-worker',
  'node/sources/mqtt/client-thread',
] as const;

/**
 * A worker does not inherit the loader of TypeScript on Node 20. So it begins with a line of
 * JavaScript, which registers one where the package runs from its sources.
 */
const bootstrap = (entry: URL): string => {
  const load = `import(${JSON.stringify(entry.href)})`;
  if (!entry.pathname.endsWith('.ts')) return load;
  // Its CommonJS twin is what can be resolved everywhere; it lies beside the module.
  const twin = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api'));
  const loader = new URL('index.mjs', twin).href;
  return `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return ${load}; });`;
};

/** With one core, a thread of its own would only add to the work. */
export const hasSecondCore = availableParallelism() > 1;

/** Starts a thread; what it is given must be possible to clone. */
export const startThread = (name: (typeof threads)[number], workerData: unknown): Worker => {
  const isSource = import.meta.url.endsWith('.ts');
  const file = isSource ? `src/${name}.ts` : `dist/${name}.js`;
  return startModule(new URL(file, packageFolder()), workerData);
};

/** Starts a module in a thread of its own, whether it is JavaScript or not yet. */
export const startModule = (entry: URL, workerData: unknown): Worker =>
  new Worker(bootstrap(entry), { eval: true, workerData });
