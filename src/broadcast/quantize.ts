/** How many bytes the scales of a q8 payload take: a float32 a tensor, padded to a multiple of 8. */
export const scaleBytes = (tensorCount: number): number => Math.ceil(tensorCount / 2) * 8;

/**
 * The change from `base` to `target` as a q8 payload: a float32 scale a tensor, then an int8 a
 * parameter. `base` becomes what a client will have after it (error feedback: the next change is
 * measured from there, so that the rounding of this one is made good by the next).
 * Undefined, with `base` untouched, when a number is not finite: then a keyframe must go.
 */
export const encodeQ8 = (
  base: Float32Array,
  target: Float32Array,
  lengths: readonly number[],
): Uint8Array | undefined => {
  const scalesLength = scaleBytes(lengths.length);
  const payload = new Uint8Array(scalesLength + base.length);
  const scales = new Float32Array(payload.buffer, 0, lengths.length);
  let start = 0;
  for (const [index, length] of lengths.entries()) {
    const end = start + length;
    scales[index] = largestChange(base.subarray(start, end), target.subarray(start, end)) / 127;
    if (!Number.isFinite(scales[index])) return undefined;
    start = end;
  }
  const steps = new Int8Array(payload.buffer, scalesLength);
  for (let i = 0, tensor = 0, end = lengths[0] ?? 0; i < base.length; i += 1) {
    while (i >= end) end += lengths[++tensor]!;
    const scale = scales[tensor]!;
    steps[i] =
      scale === 0 ? 0 : Math.max(-127, Math.min(127, Math.round((target[i]! - base[i]!) / scale)));
  }
  applyQ8(base, payload, lengths);
  return payload;
};

const largestChange = (before: Float32Array, after: Float32Array): number => {
  let largest = 0;
  for (let i = 0; i < before.length; i += 1) {
    const change = Math.abs(after[i]! - before[i]!);
    // A comparison with NaN is false: it must come out, not be stepped over.
    if (Number.isNaN(change)) return change;
    if (change > largest) largest = change;
  }
  return largest;
};

/** Adds a q8 payload to the parameters, in place: each becomes fround(r + q·scale). */
export const applyQ8 = (
  parameters: Float32Array,
  payload: Uint8Array,
  lengths: readonly number[],
): void => {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  let at = scaleBytes(lengths.length);
  let i = 0;
  for (const [tensor, length] of lengths.entries()) {
    const scale = view.getFloat32(4 * tensor, true);
    for (const end = i + length; i < end; i += 1, at += 1) {
      parameters[i] = parameters[i]! + view.getInt8(at) * scale;
    }
  }
};
