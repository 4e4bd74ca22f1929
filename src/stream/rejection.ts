/** Why an observation was not learned from. */
export type RejectionCode = 'shape' | 'value' | 'label' | 'parse';

/** An observation that was rejected. Nothing was learned from it, and the stream continued. */
export interface Rejection {
  /** Why it was rejected, for programs. */
  readonly code: RejectionCode;
  /** What was wrong, where, and what to do. */
  readonly reason: string;
  /** The 0-based position in the stream of the stage that refused it. */
  readonly index: number;
  /** The name of the sample, where it has one. */
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

/** The line of the text that was refused, which its reason begins with; undefined where it has none. */
export const lineOf = ({ reason }: Rejection): number | undefined => {
  const line = /^line (\d+): /.exec(reason)?.[1];
  return line === undefined ? undefined : Number(line);
};

/** Where rejections go: a Subject, or anything else with `next`. */
export interface RejectionSink {
  /** Receives one rejection. */
  next(rejection: Rejection): void;
}

/**
 * The error that ends a stream when a sample is rejected and no `rejected` was given: a sample must not
 * vanish unseen. To drop rejected samples on purpose, pass `rejected: { next() {} }`.
 */
export class UnhandledRejectionError extends Error {
  override readonly name = 'UnhandledRejectionError';
  /** What was rejected. */
  readonly rejection: Rejection;

  /** `stage` is the name of the part that rejected it. */
  constructor(rejection: Rejection, stage: string) {
    const { index, id, reason } = rejection;
    const which = id === undefined ? `${index}` : `${index} (id ${JSON.stringify(id)})`;
    super(
      `${stage} rejected the sample with index ${which}: ${reason}. ` +
        'Pass the option `rejected` to receive such samples and continue',
    );
    this.rejection = rejection;
  }
}

/**
 * A bad sample. Parts throw it before anything has changed; the operators turn it into a
 * {@link Rejection}, so that it never ends a stream that has somebody to tell.
 */
export class SampleError extends Error {
  override readonly name = 'SampleError';
  /** Why it was rejected, for programs. */
  readonly code: RejectionCode;

  constructor(code: RejectionCode, message: string) {
    super(message);
    this.code = code;
  }

  /**
   * The same as a value, with the 0-based `index` of the observation in the stream, and its line and id
   * if it has them. `raw` is what was rejected; default: the observation.
   */
  at(index: number, observation: unknown, raw: unknown = observation): Rejection {
    const { id, line } = (observation ?? {}) as { id?: unknown; line?: unknown };
    const reason = typeof line === 'number' ? `line ${line}: ${this.message}` : this.message;
    const base = { code: this.code, reason, index };
    return withRaw(typeof id === 'string' ? { ...base, id } : base, raw);
  }
}
