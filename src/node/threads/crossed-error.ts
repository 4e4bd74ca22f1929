import { Busy } from '../../broadcast/model.ts';
import { RequestError } from '../../broadcast/request-error.ts';
import type { ErrorCode } from '../../broadcast/server-messages.ts';
import { CheckpointError } from '../../snapshot/checkpoint.ts';
import { SourceError } from '../../sources/source-error.ts';
import { type RejectionCode, SampleError } from '../../stream/rejection.ts';
import { OverflowError } from '../../stream/waiting.ts';

/** An error in a form that structured cloning copies: the class name, and what our own classes add. */
export interface CrossedError {
  readonly name: string;
  readonly message: string;
  readonly code?: RejectionCode;
  /** Of a RequestError. */
  readonly requestCode?: ErrorCode;
  readonly retryMs?: number;
}

/** An error made ready to cross to another thread. */
export const crossing = (error: unknown): CrossedError => {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof SampleError) return { name, message, code: error.code };
  if (error instanceof RequestError) return { name, message, requestCode: error.code };
  if (error instanceof Busy) return { name, message, retryMs: error.retryMs };
  return { name, message };
};

/** The error that has crossed, of the class that it had. */
export const crossed = ({ name, message, code, requestCode, retryMs }: CrossedError): Error => {
  if (code !== undefined) return new SampleError(code, message);
  if (requestCode !== undefined) return new RequestError(requestCode, message);
  if (retryMs !== undefined) return new Busy(message, retryMs);
  if (name === 'SourceError') return new SourceError(message);
  if (name === 'CheckpointError') return new CheckpointError(message);
  if (name === 'OverflowError') return new OverflowError(message);
  if (name === 'RangeError') return new RangeError(message);
  return name === 'TypeError' ? new TypeError(message) : new Error(message);
};
