import { createHash } from 'node:crypto';
import type { MemoryValue } from '../../src/learn/learner.ts';

/** A short text that is the same for two memories only where all their bits are. */
export const digest = (memory: MemoryValue): string => {
  const hash = createHash('sha256');
  const add = (value: MemoryValue): void => {
    if (ArrayBuffer.isView(value)) {
      const { buffer, byteOffset, byteLength } = value as Uint8Array;
      hash.update(`${value.constructor.name} ${byteLength} `);
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, part] of Object.entries(value)) {
        hash.update(`${name} `);
        add(part as MemoryValue);
      }
    } else hash.update(`${String(value)} `);
  };
  add(memory);
  return hash.digest('hex');
};
