/** Why an observation was not learned from. */
export type RejectionCode = 'shape' | 'value' | 'label' | 'parse';

/** An observation that was left out. Nothing was learned from it, and the stream went on. */
export interface Rejection {
  readonly code: RejectionCode;
  /** What was wrong, where, and what to do. */
  readonly reason: string;
  /** The 0-based position in the stream of the stage that refused it. */
  readonly index: number;
  readonly id?: string;
  /**
   * What was refused, where it is known: an example, a sample, a record, the fields of a row, or a text.
   * It is not enumerable: copies of a rejection, its JSON and messages leave it out.
   */
  readonly raw?: unknown;
}

/** The rejection with what was refused. */
export const withRaw = (rejection: Rejection, raw: unknown): Rejection =>
  raw === undefined ? rejection : Object.defineProperty(rejection, 'raw', { value: raw });

/** Where rejections go: a Subject, or anything else with `next`. */
export interface RejectionSink {
  next(rejection: Rejection): void;
}

/**
 * A bad sample. Parts throw it before anything has changed; the operators turn it into a
 * {@link Rejection}, so that it never ends a stream.
 */
export class SampleError extends Error {
  override readonly name = 'SampleError';
  readonly code: RejectionCode;

  constructor(code: RejectionCode, message: string) {
    super(message);
    this.code = code;
  }

  /**
   * The same as a value: where it happened, with the line and the id of the observation if it has them.
   * `raw` is what was refused; default: the observation.
   */
  at(index: number, observation: unknown, raw: unknown = observation): Rejection {
    const { id, line } = (observation ?? {}) as { id?: unknown; line?: unknown };
    const reason = typeof line === 'number' ? `line ${line}: ${this.message}` : this.message;
    const base = { code: this.code, reason, index };
    return withRaw(typeof id === 'string' ? { ...base, id } : base, raw);
  }
}
