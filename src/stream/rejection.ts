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
}

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

  /** The same as a value: where it happened, and the id of the observation if it had one. */
  at(index: number, observation: unknown): Rejection {
    const id = (observation as { id?: unknown } | null)?.id;
    const base = { code: this.code, reason: this.message, index };
    return typeof id === 'string' ? { ...base, id } : base;
  }
}
