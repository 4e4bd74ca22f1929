import { SampleError } from '../stream/rejection.ts';
import { Busy } from './model.ts';
import type { Err, ErrorCode } from './server-messages.ts';

/** What an error may say beside its code: when to try again, and what has arrived so far. */
export type ErrorDetail = Pick<Err, 'retryMs' | 'upTo'>;

/** A request that is refused. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}

/** Anything that went wrong with a request, as its sender may know it. */
export const asRequestError = (error: unknown): RequestError => {
  if (error instanceof RequestError) return error;
  if (error instanceof SampleError) return new RequestError('shape', error.message);
  if (error instanceof Busy) {
    return new RequestError('busy', error.message, { retryMs: error.retryMs });
  }
  // Internal details belong into the log of the server, not into an answer.
  return new RequestError('internal', 'the request failed inside the server');
};
