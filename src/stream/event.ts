/** What kind of thing happened. */
export type StreamEventKind =
  | 'drift'
  | 'checkpoint'
  | 'epoch'
  | 'error'
  | 'config'
  | 'rollback'
  | 'mix'
  | 'overload';

/** Something that happened once and must not be left out: a drift, a rollback, an error. */
export interface StreamEvent {
  /** What happened, for programs. */
  readonly kind: StreamEventKind;
  /** Samples learned when it happened. */
  readonly step: number;
  /** What happened, for people. */
  readonly message: string;
  /** Numbers and texts that belong to it. */
  readonly detail?: Readonly<Record<string, unknown>>;
}
