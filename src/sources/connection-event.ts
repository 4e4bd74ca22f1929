/**
 * What becomes of a source or an audience that lives elsewhere. `waiting`: it is waited for;
 * `connected`: it has come; `lost`: it is sought again; `failed`: an audience is given up (of a source
 * that is the error of its stream). `restarted`: a source begins again at its first row, as a file does
 * that was cut off or overwritten, and part of what it held before may be lost. `inferred`: the types of
 * its columns or its task were inferred, or a column does not hold to its type. `notice`: how the source
 * is read, where that is not plain, such as that a column was renamed.
 */
export interface ConnectionEvent {
  /** What has become of the connection. */
  readonly kind: 'waiting' | 'connected' | 'lost' | 'failed' | 'restarted' | 'inferred' | 'notice';
  /** One line for people. */
  readonly message: string;
  /**
   * Of `restarted`: bytes that are known to be lost, such as those of an unfinished row. More may be lost
   * that nobody has seen. Absent where nothing is known.
   */
  readonly lostBytes?: number;
}

/** Where connection events go: a Subject, or anything else with `next`. */
export interface ConnectionEventSink {
  /** Receives one event. */
  next(event: ConnectionEvent): void;
}
