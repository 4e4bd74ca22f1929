/** The longest run of zeros that one pair of bytes says. */
const runMax = 256;

/** The bits that changed, a plane of bytes at a time: highest bytes of all parameters first. */
const planes = (base: Float32Array, target: Float32Array): Uint8Array => {
  const before = new Uint32Array(base.buffer, base.byteOffset, base.length);
  const after = new Uint32Array(target.buffer, target.byteOffset, target.length);
  const count = base.length;
  const bytes = new Uint8Array(4 * count);
  for (let i = 0; i < count; i += 1) {
    const changed = before[i]! ^ after[i]!;
    bytes[i] = changed >>> 24;
    bytes[count + i] = changed >>> 16;
    bytes[2 * count + i] = changed >>> 8;
    bytes[3 * count + i] = changed;
  }
  return bytes;
};

/**
 * The exact change from `base` to `target`: their bits XORed, in four planes of bytes, where a zero
 * and a count less one stand for up to 256 zeros. `base` becomes `target`, to the last bit.
 */
export const encodeXor = (base: Float32Array, target: Float32Array): Uint8Array => {
  const bytes = planes(base, target);
  // At worst every other byte is a zero that takes two.
  const packed = new Uint8Array(Math.ceil(bytes.length * 1.5) + 1);
  let length = 0;
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i]!;
    packed[length++] = byte;
    i += 1;
    if (byte !== 0) continue;
    const start = i;
    while (i < bytes.length && i - start < runMax - 1 && bytes[i] === 0) i += 1;
    packed[length++] = i - start;
  }
  base.set(target);
  return packed.slice(0, length);
};

/** Changes the parameters, in place, by a payload of {@link encodeXor}. */
export const applyXor = (parameters: Float32Array, payload: Uint8Array): void => {
  const words = new Uint32Array(parameters.buffer, parameters.byteOffset, parameters.length);
  const count = words.length;
  let at = 0;
  for (let i = 0; i < payload.length; i += 1) {
    const byte = payload[i]!;
    if (byte === 0) {
      i += 1;
      at += payload[i]! + 1;
      continue;
    }
    if (at >= 4 * count) throw new RangeError('the difference is longer than the model');
    const shift = 24 - 8 * Math.floor(at / count);
    words[at % count] = words[at % count]! ^ (byte << shift);
    at += 1;
  }
  if (at !== 4 * count) throw new RangeError('the difference is not as long as the model');
};
