import { SampleError } from '../stream/rejection.ts';

const byteOrderMark = '\uFEFF';

/**
 * The value of a JSON text from outside. A leading byte-order mark is ignored, as RFC 8259 (section
 * 8.1) permits. Throws a SampleError with the code `parse` where the text is not JSON.
 */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text.startsWith(byteOrderMark) ? text.slice(1) : text);
  } catch (error) {
    throw new SampleError('parse', `not JSON: ${(error as Error).message}`);
  }
};
