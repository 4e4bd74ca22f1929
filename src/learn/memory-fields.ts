import type { Memory, MemoryValue } from './learner.ts';

/** A memory that does not fit what is to be loaded with it. Its message names the field. */
export class MemoryError extends Error {
  override readonly name = 'MemoryError';
}

/**
 * The paths of memories within the memory that they came from. They cost nothing where none is read, and
 * let the error of a nested part say where it lies.
 */
const paths = new WeakMap<object, string>();

/** The path of a field, such as `experts/net/rows`. */
const pathOf = (memory: Memory, name: string | number): string => {
  const path = paths.get(memory);
  return path === undefined ? String(name) : `${path}/${name}`;
};

const kindOf = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (ArrayBuffer.isView(value)) {
    return `${value.constructor.name} of ${(value as Float64Array).length}`;
  }
  return typeof value === 'object' ? 'an object' : `${typeof value} ${String(value).slice(0, 20)}`;
};

const misfit = (memory: Memory, name: string | number, wanted: string): MemoryError =>
  new MemoryError(
    `${pathOf(memory, name)} must be ${wanted}, not ${kindOf((memory as Fields)[name])}`,
  );

type Fields = { readonly [name: string | number]: unknown };

type TypedArray = Float64Array | Float32Array | Int32Array | Uint32Array;

const reader =
  <Values extends TypedArray>(type: new (length: number) => Values) =>
  (memory: Memory, name: string | number, length?: number): Values => {
    const value = (memory as Fields)[name];
    if (value instanceof type && (length === undefined || value.length === length)) return value;
    throw misfit(memory, name, `${type.name}${length === undefined ? '' : ` of ${length}`}`);
  };

/** The Float64Array under a name, of this length where one is given. Throws a {@link MemoryError}. */
export const float64s = reader(Float64Array);

/** The Float32Array under a name, of this length where one is given. Throws a {@link MemoryError}. */
export const float32s = reader(Float32Array);

/** The Int32Array under a name, of this length where one is given. Throws a {@link MemoryError}. */
export const int32s = reader(Int32Array);

/** The Uint32Array under a name, of this length where one is given. Throws a {@link MemoryError}. */
export const uint32s = reader(Uint32Array);

/** The number under a name. Throws a {@link MemoryError}. */
export const numberIn = (memory: Memory, name: string): number => {
  const value = memory[name];
  if (typeof value === 'number') return value;
  throw misfit(memory, name, 'a number');
};

/** The whole number of at least `least` under a name. Default 0. Throws a {@link MemoryError}. */
export const countIn = (memory: Memory, name: string, least = 0): number => {
  const value = memory[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw misfit(memory, name, `a whole number of at least ${least}`);
};

/** The memory under a name. Throws a {@link MemoryError}. */
export const memoryIn = (memory: Memory, name: string | number): Memory => {
  const value = (memory as Fields)[name];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) {
    throw misfit(memory, name, 'an object');
  }
  if (Array.isArray(value)) throw misfit(memory, name, 'an object');
  paths.set(value, pathOf(memory, name));
  return value as Memory;
};

/**
 * What a list under a name is made of, each read by its position as a field of the list. Throws a
 * {@link MemoryError}, also where the list has another length than a given one.
 */
export const listIn = <Item>(
  memory: Memory,
  name: string,
  { of, length }: { of: (list: Memory, index: number) => Item; length?: number },
): Item[] => {
  const value: MemoryValue | undefined = memory[name];
  const wanted = `a list${length === undefined ? '' : ` of ${length}`}`;
  if (!Array.isArray(value)) throw misfit(memory, name, wanted);
  if (length !== undefined && value.length !== length) throw misfit(memory, name, wanted);
  paths.set(value, pathOf(memory, name));
  const list = value as unknown as Memory;
  return Array.from(value, (_, index) => of(list, index));
};
