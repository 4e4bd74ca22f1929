import type { MemoryValue } from '../learn/learner.ts';
import { areFinite } from '../math/finite.ts';

/**
 * The first number of a memory that is not finite, with its path, such as `learner/weights[3] is NaN`;
 * undefined where all are finite. One pass, which allocates nothing for a typed array.
 */
export const nonFiniteIn = (value: MemoryValue | undefined, path = ''): string | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (ArrayBuffer.isView(value)) return nonFiniteAt(value as ArrayLike<number>, path);
  for (const [key, part] of Object.entries(value)) {
    const found = nonFiniteIn(part, path === '' ? key : `${path}/${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
};

const nonFiniteAt = (values: ArrayLike<number>, path: string): string | undefined => {
  if (!(values instanceof Float32Array || values instanceof Float64Array)) return undefined;
  if (areFinite(values)) return undefined;
  const index = values.findIndex((value) => !Number.isFinite(value));
  return `${path}[${index}] is ${values[index]}`;
};
