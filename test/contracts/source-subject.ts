import type { Observable } from 'rxjs';
import type { Attack } from './hostile/attacks.ts';

/** How the contract suite of sources tries one: a source has no uniform way to be made. */
export interface SourceSubject {
  /** A source of at least three values. */
  make(): Observable<unknown>;
  /** The same source, made to fail with 'broken' after some values. Absent: it cannot fail. */
  makeBroken?(): Observable<unknown>;
  /** Starts what the source reads from, before all tests. */
  open?(): Promise<void>;
  /** Ends it, after all tests. */
  close?(): Promise<void> | void;
  /** Makes values come, once there is a subscription. */
  drive?(): void;
  /** Whether the source has left nothing open. */
  isClosed?(): boolean;
  /** How hostile items come to it; 'takes nothing from outside' if nothing can. */
  readonly attack: Attack | 'takes nothing from outside';
  /** A live source does not complete by itself, and differs each time. */
  readonly isLive?: boolean;
}
