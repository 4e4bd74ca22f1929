import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { packageFolder } from '../package-folder.ts';
import type { WorkerSettings } from './messages.ts';

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

/** Starts the thread that trains. */
export const startWorker = (workerData: WorkerSettings): Worker => {
  const isSource = import.meta.url.endsWith('.ts');
  const file = isSource
    ? 'src/node/worker/training-worker.ts'
    : 'dist/node/worker/training-worker.js';
  const entry = new URL(file, packageFolder());
  return new Worker(bootstrap(entry), { eval: true, workerData });
};
