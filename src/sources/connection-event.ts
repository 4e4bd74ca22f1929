/** That a source which lives elsewhere is waited for, has come, or was lost and is sought again. */
export interface ConnectionEvent {
  readonly kind: 'waiting' | 'connected' | 'lost';
  /** One line for people. */
  readonly message: string;
}

/** Where connection events go: a Subject, or anything else with `next`. */
export interface ConnectionEventSink {
  next(event: ConnectionEvent): void;
}
