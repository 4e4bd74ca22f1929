import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkpoint, decodeCheckpoint } from '../../../../src/snapshot/checkpoint.ts';

/** The newest checkpoint of a folder that belongs to another process; undefined where there is none yet. */
export const newestIn = (folder: string): Checkpoint | undefined => {
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder)
    .filter((file) => file.endsWith('.safetensors'))
    .sort()
    .at(-1);
  return name === undefined ? undefined : decodeCheckpoint(readFileSync(join(folder, name)));
};

/** How many classes `n0`, `n1`, … its encoder knows: unlike inputs, classes are never recycled. */
export const namesIn = (folder: string): number => {
  const known = JSON.stringify(newestIn(folder)?.memory['encoder'] ?? '');
  return new Set(Array.from(known.matchAll(/"n\d+"/g), ([name]) => name)).size;
};
