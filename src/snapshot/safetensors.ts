/** The arrays that a safetensors file can hold. */
export type TensorValues = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/** One tensor of a file. */
export interface FileTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

const dtypeOf = (values: TensorValues): string => {
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
