import { SampleError } from '../../src/stream/rejection.ts';

/** The SampleError that a call ends in. */
export const refusal = (body: () => unknown): SampleError => {
  try {
    body();
  } catch (error) {
    if (error instanceof SampleError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};
