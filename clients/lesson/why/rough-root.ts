const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);
const origin = 0x5f37642f;

/** 1/√x as the kernel of a pool computes it: in two instructions, to 3.5 %. */
export const roughInverseRoot = (x: number): number => {
  floats[0] = x;
  bits[0] = origin - (bits[0]! >>> 1);
  return floats[0]!;
};
