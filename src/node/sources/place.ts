import type { SourcePosition } from '../../snapshot/checkpoint.ts';

/** What a source counts its examples from, in words of its own, such as which file it is. */
export type Beginning = NonNullable<SourcePosition['since']>;

/** Where a source that finds its place by itself says where it stands, and learns where it stood. */
export interface Place {
  /** What was counted from latest, by this process or the one before it; absent: nothing was. */
  readonly since: Beginning | undefined;
  /**
   * It counts anew, once so many more examples have been given (default 0). From what, `beginning` says
   * whenever it is asked.
   */
  begin(beginning: () => Beginning, more?: number): void;
  /**
   * It gives once more what it gave since the latest beginning: that is to be passed by. From what that
   * is counted, `beginning` says from now on. Default: it is as before.
   */
  repeat(beginning?: () => Beginning): void;
}
