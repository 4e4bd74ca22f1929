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
  readonly kind: StreamEventKind;
  /** Samples learned when it happened. */
  readonly step: number;
  readonly message: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}
