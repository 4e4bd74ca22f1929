/**
 * That a source or an audience which lives elsewhere is waited for, has come, or was lost and is sought
 * again; or that an audience has failed for good. A source that has says so as the error of its stream.
 */
export interface ConnectionEvent {
  readonly kind: 'waiting' | 'connected' | 'lost' | 'failed';
  /** One line for people. */
  readonly message: string;
}

/** Where connection events go: a Subject, or anything else with `next`. */
export interface ConnectionEventSink {
  next(event: ConnectionEvent): void;
}
