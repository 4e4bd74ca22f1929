import type { Memory, MemoryValue } from '../learn/learner.ts';
import type { FileTensor, TensorValues } from './safetensors.ts';

/** A memory in two parts: its typed arrays by name, and all the rest as JSON that refers to them. */
export interface MemoryParts {
  readonly text: string;
  readonly tensors: readonly FileTensor[];
}

/** The one key that an object with a meaning of its own has. */
const mark = '$';

/** Takes a memory apart. Nothing is copied. */
export const dismantle = (memory: Memory): MemoryParts => {
  const tensors = new Map<string, FileTensor>();
  const text = JSON.stringify(toTree(memory, '', tensors));
  return { text, tensors: [...tensors.values()] };
};

/** The typed arrays of a memory alone, by name. Nothing is copied. */
export const tensorsOf = (memory: Memory): FileTensor[] => {
  const tensors = new Map<string, FileTensor>();
  toTree(memory, '', tensors);
  return [...tensors.values()];
};

/** Puts a memory together again: equal to the original, down to each NaN and each −0. */
export const assembleMemory = ({ text, tensors }: MemoryParts): Memory => {
  const byName = new Map(tensors.map(({ name, values }) => [name, values]));
  return fromTree(JSON.parse(text), byName) as Memory;
};

const toTree = (value: MemoryValue, path: string, tensors: Map<string, FileTensor>): unknown => {
  if (typeof value === 'number') return isPlain(value) ? value : { [mark]: numberText(value) };
  // A copy of plain data may hold it, though JSON and the type of memories do not know it.
  if (value === undefined) return { [mark]: 'undefined' };
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return { [mark]: 'tensor', name: added(value, path, tensors) };
  if (Array.isArray(value)) return value.map((item, i) => toTree(item, `${path}/${i}`, tensors));
  const entries = Object.entries(value as Memory).map(
    ([key, item]) => [key, toTree(item, path === '' ? key : `${path}/${key}`, tensors)] as const,
  );
  return mark in value ? { [mark]: 'object', entries } : Object.fromEntries(entries);
};

const isPlain = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);

const numberText = (value: number): string => (value === 0 ? '-0' : String(value));

/** Under its path, or with a number after it where a key with a slash has led to the same. */
const added = (values: TensorValues, path: string, tensors: Map<string, FileTensor>): string => {
  let name = path;
  for (let n = 2; tensors.has(name); n += 1) name = `${path}#${n}`;
  tensors.set(name, { name, shape: [values.length], values });
  return name;
};

type Tree = { readonly [key: string]: unknown };

const fromTree = (tree: unknown, tensors: ReadonlyMap<string, TensorValues>): unknown => {
  if (typeof tree !== 'object' || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map((item) => fromTree(item, tensors));
  const { [mark]: kind, name, entries } = tree as Tree;
  if (kind === undefined) return rebuilt(Object.entries(tree), tensors);
  if (kind === 'tensor') return found(name as string, tensors);
  if (kind === 'object') return rebuilt(entries as [string, unknown][], tensors);
  return kind === 'undefined' ? undefined : Number(kind);
};

const rebuilt = (
  entries: readonly (readonly [string, unknown])[],
  tensors: ReadonlyMap<string, TensorValues>,
): Memory =>
  Object.fromEntries(
    entries.map(([key, item]) => [key, fromTree(item, tensors)]),
  ) as unknown as Memory;

const found = (name: string, tensors: ReadonlyMap<string, TensorValues>): TensorValues => {
  const values = tensors.get(name);
  if (values) return values;
  throw new RangeError(`the tensor ${name} is missing`);
};
