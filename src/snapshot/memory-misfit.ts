import type { Memory, MemoryValue } from '../learn/learner.ts';

/** How two memories are compared. */
export interface MisfitOptions {
  /**
   * Whether the wanted one is only an example of its shape: its lists and arrays may be shorter or longer,
   * and what it lacks yet, as an empty object or null, may be there. Default false.
   */
  readonly isExample?: boolean;
}

/**
 * The first place where a memory has another shape than a wanted one, such as `learner/experts/net is
 * missing`; undefined where none has. Shapes are names, types and lengths, never numbers.
 */
export const misfitOf = (
  memory: MemoryValue | undefined,
  wanted: MemoryValue | undefined,
  { isExample = false }: MisfitOptions = {},
): string | undefined => compare(memory, wanted, { path: '', isExample });

interface Place {
  readonly path: string;
  readonly isExample: boolean;
}

const compare = (
  memory: MemoryValue | undefined,
  wanted: MemoryValue | undefined,
  { path, isExample }: Place,
): string | undefined => {
  if (isExample && (memory === null || wanted === null)) return undefined;
  const [kind, wantedKind] = [kindOf(memory), kindOf(wanted)];
  if (kind === wantedKind && kind === 'nothing') return undefined;
  if (kind === 'nothing') return `${path} is missing`;
  if (wantedKind === 'nothing') return `${path} is unknown`;
  if (kind !== wantedKind) return `${path} is ${kind}, not ${wantedKind}`;
  if (typeof memory !== 'object' || memory === null) return undefined;
  const [length, wantedLength] = [lengthOf(memory), lengthOf(wanted!)];
  if (!isExample && length !== wantedLength) {
    return `${path} has the length ${length}, not ${wantedLength}`;
  }
  if (ArrayBuffer.isView(memory)) return undefined;
  return compareParts(memory as Memory, wanted as Memory, { path, isExample });
};

const compareParts = (memory: Memory, wanted: Memory, place: Place): string | undefined => {
  const isList = Array.isArray(wanted);
  const keys = new Set([...Object.keys(wanted), ...Object.keys(memory)]);
  // What has appeared in a stream by then is in no example.
  if (place.isExample && (isList || Object.keys(wanted).length === 0)) return undefined;
  for (const key of keys) {
    const path = place.path === '' ? key : `${place.path}/${key}`;
    const found = compare(memory[key], wanted[key], { ...place, path });
    if (found !== undefined) return found;
  }
  return undefined;
};

const kindOf = (value: MemoryValue | undefined): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

const lengthOf = (value: MemoryValue): number | undefined =>
  Array.isArray(value) || ArrayBuffer.isView(value) ? (value as Float64Array).length : undefined;
