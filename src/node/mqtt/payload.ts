import { SampleError } from '../../stream/rejection.ts';

/** A payload may be so many bytes long. */
const bytesMax = 1 << 20;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** What a payload says: a number, or a record of plain data. Throws a SampleError otherwise. */
export const readPayload = (topic: string, payload: Uint8Array): number | object => {
  if (payload.length > bytesMax) {
    throw new SampleError('parse', `${topic}: ${payload.length} bytes, more than ${bytesMax}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(payload));
  } catch (error) {
    const what = error instanceof SyntaxError ? `not JSON: ${error.message}` : 'not UTF-8';
    throw new SampleError('parse', `${topic}: ${what}`);
  }
  if (typeof value === 'number') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new SampleError('shape', `${topic}: expected a record or a number`);
};
