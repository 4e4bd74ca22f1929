/** The arrays that a safetensors file can hold. */
export type TensorValues = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/** One tensor of a file. */
export interface FileTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

/** The name of their type in a safetensors file. */
export const dtypeOf = (values: TensorValues): string => {
  if (values instanceof Float32Array) return 'F32';
  if (values instanceof Float64Array) return 'F64';
  if (values instanceof Int32Array) return 'I32';
  if (values instanceof Uint32Array) return 'U32';
  return 'U8';
};

/**
 * A safetensors file: 8 bytes with the length of the header, the header in JSON (names, types,
 * shapes, offsets, and metadata of texts), then the numbers, little-endian.
 */
export const encodeSafetensors = (
  tensors: readonly FileTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array => {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let length = 0;
  for (const { name, shape, values } of tensors) {
    const end = length + values.byteLength;
    header[name] = { dtype: dtypeOf(values), shape, data_offsets: [length, end] };
    length = end;
  }
  const text = JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  // Padded with spaces, so that the numbers lie at a multiple of 8.
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(start + length).fill(0x20, 8 + json.length, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(json, 8);
  let offset = start;
  for (const { values } of tensors) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return file;
};

/** What a safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: readonly FileTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** A file that cannot be read as safetensors: another format, cut off, or damaged. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

/** Longer headers are refused, as other readers do. */
const headerBytesMax = 100_000_000;

/** Reads a safetensors file. Its tensors are copies. Throws a {@link SafetensorsError}. */
export const decodeSafetensors = (file: Uint8Array): SafetensorsContent => {
  const { header, start } = headerOf(file);
  const { __metadata__: metadata = {}, ...others } = header;
  const entries = Object.entries(others).map(([name, entry]) => entryOf(name, entry));
  let end = 0;
  const tensors = entries
    .sort((one, other) => one.first - other.first)
    .map(({ name, shape, first, last, make }) => {
      if (first !== end) throw new SafetensorsError(`tensor ${name} is not where it should be`);
      end = last;
      // Not slice(): that of Node's Buffer copies nothing.
      const bytes = new Uint8Array(file.subarray(start + first, start + last));
      return { name, shape, values: make(bytes.buffer) };
    });
  if (start + end === file.length) return { tensors, metadata: metadata as Metadata };
  throw new SafetensorsError(`it has ${file.length} bytes, not the ${start + end} of its header`);
};

type Metadata = SafetensorsContent['metadata'];

interface Entry extends Omit<FileTensor, 'values'> {
  readonly first: number;
  readonly last: number;
  readonly make: (buffer: ArrayBuffer) => TensorValues;
}

const entryOf = (name: string, entry: unknown): Entry => {
  const { dtype = '', shape = [], data_offsets: offsets } = (entry ?? {}) as RawEntry;
  const [bytes, make] = arrays[dtype] ?? [];
  const [first, last] = Array.isArray(offsets) ? offsets : [];
  const length = shape.reduce((count, size) => count * size, bytes ?? Number.NaN);
  if (make && first !== undefined && last !== undefined && last - first === length) {
    return { name, shape, first, last, make };
  }
  throw new SafetensorsError(`what is said of tensor ${name} makes no sense`);
};

interface RawEntry {
  readonly dtype?: string;
  readonly shape?: readonly number[];
  readonly data_offsets?: readonly number[];
}

/** The bytes of one number of each type, and how an array of them is made. */
const arrays: Readonly<
  Record<string, readonly [bytes: number, make: (buffer: ArrayBuffer) => TensorValues]>
> = {
  F32: [4, (buffer) => new Float32Array(buffer)],
  F64: [8, (buffer) => new Float64Array(buffer)],
  I32: [4, (buffer) => new Int32Array(buffer)],
  U32: [4, (buffer) => new Uint32Array(buffer)],
  U8: [1, (buffer) => new Uint8Array(buffer)],
};

const headerOf = (file: Uint8Array): { header: Record<string, unknown>; start: number } => {
  if (file.length < 8) throw new SafetensorsError(`it has ${file.length} bytes: too few`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > Math.min(headerBytesMax, file.length - 8)) {
    throw new SafetensorsError(`its header is said to have ${length} bytes`);
  }
  const start = 8 + length;
  try {
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, start)));
    if (typeof header === 'object' && header !== null) return { header, start };
  } catch {
    // Said below.
  }
  throw new SafetensorsError('its header is not JSON');
};
