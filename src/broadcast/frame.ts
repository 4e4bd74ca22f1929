import { crc32 } from './crc32.ts';

/** The length of the header before the payload of a binary frame. */
export const headerBytes = 64;

/** What a binary frame carries. */
export const frameKinds = { keyframe: 1, q8: 2, xor: 3 } as const;

/** How the numbers of a payload are written. */
export const dtypes = { f32: 0, f16: 1, i8: 2 } as const;

/** The fields of a header that are the same for everyone, with the payload. */
export interface FrameBody {
  readonly kind: number;
  readonly dtype: number;
  /** The first 8 bytes of the SHA-256 of the epoch, as 16 hexadecimal digits. */
  readonly epochTag: string;
  readonly seq: number;
  /** Samples learned. */
  readonly step: number;
  /** When the parameters were copied: milliseconds since the Unix epoch. */
  readonly at: number;
  readonly params: number;
  /** CRC-32 of the payload. */
  readonly crc: number;
  readonly payload: Uint8Array;
}

/** A binary frame as it came: the body, and what was for this subscription alone. */
export interface Frame extends FrameBody {
  readonly sid: number;
  /** The seq of the frame before it on this subscription; 0 for the first. */
  readonly prev: number;
}

/** A header for one subscription. The payload goes out behind it, and is shared by all. */
export const encodeHeader = (body: FrameBody, sid: number, prev: number): Uint8Array => {
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  bytes.set([0x52, 0x56, 0x4c, 0x31, body.kind, body.dtype, 1, 0]);
  view.setUint32(8, sid, true);
  view.setUint32(12, body.payload.byteLength, true);
  for (let i = 0; i < 8; i += 1) {
    bytes[16 + i] = Number.parseInt(body.epochTag.slice(2 * i, 2 * i + 2), 16);
  }
  view.setBigUint64(24, BigInt(body.seq), true);
  view.setBigUint64(32, BigInt(prev), true);
  view.setBigUint64(40, BigInt(body.step), true);
  view.setFloat64(48, body.at, true);
  view.setUint32(56, body.params, true);
  view.setUint32(60, body.crc, true);
  return bytes;
};

/** Reads a frame; throws a RangeError that says what is wrong with it. The payload is a view. */
export const decodeFrame = (bytes: Uint8Array): Frame => {
  if (bytes.byteLength < headerBytes) {
    throw new RangeError(`a frame has at least ${headerBytes} bytes, this one ${bytes.byteLength}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x52564c31) throw new RangeError('a frame begins with RVL1');
  const length = view.getUint32(12, true);
  const payload = bytes.subarray(headerBytes);
  if (payload.byteLength !== length) {
    throw new RangeError(`the payload has ${payload.byteLength} bytes, its header says ${length}`);
  }
  const crc = view.getUint32(60, true);
  if (crc32(payload) !== crc) throw new RangeError('the checksum of the payload is wrong');
  return {
    kind: view.getUint8(4),
    dtype: view.getUint8(5),
    sid: view.getUint32(8, true),
    epochTag: hex(bytes.subarray(16, 24)),
    seq: Number(view.getBigUint64(24, true)),
    prev: Number(view.getBigUint64(32, true)),
    step: Number(view.getBigUint64(40, true)),
    at: view.getFloat64(48, true),
    params: view.getUint32(56, true),
    crc,
    payload,
  };
};

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
