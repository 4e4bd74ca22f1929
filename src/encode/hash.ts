const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * A 32-bit hash of a text, the same on every machine: FNV-1a (Fowler, Noll and Vo) over UTF-16
 * units, with the final mix of MurmurHash3 so that the low bits are good too. `seed` continues
 * an earlier hash.
 */
export const hashText = (text: string, seed: number = OFFSET_BASIS): number => {
  let hash = seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
