import { parseJson } from '../../../sources/json-text.ts';
import { SampleError } from '../../../stream/rejection.ts';

/** A payload may be so many bytes long. */
const bytesMax = 1 << 20;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** What a payload says: a number, or a record of plain data. Throws a SampleError otherwise. */
export const readPayload = (topic: string, payload: Uint8Array): number | object => {
  if (payload.length > bytesMax) {
    throw new SampleError('parse', `${topic}: ${payload.length} bytes, more than ${bytesMax}`);
  }
  const value = within(topic, () => parseJson(textOf(payload)));
  if (typeof value === 'number') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new SampleError('shape', `${topic}: expected a record or a number`);
};

const textOf = (payload: Uint8Array): string => {
  try {
    return decoder.decode(payload);
  } catch {
    throw new SampleError('parse', 'not UTF-8');
  }
};

/** What a reader returns; its SampleError names the topic. */
export const within = <Result>(topic: string, read: () => Result): Result => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SampleError)) throw error;
    throw new SampleError(error.code, `${topic}: ${error.message}`);
  }
};
