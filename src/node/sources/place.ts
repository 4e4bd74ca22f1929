import type { SourcePosition } from '../../snapshot/checkpoint.ts';

/** The origin of the count of a source, in its own terms, such as which file it is. */
export type Beginning = NonNullable<SourcePosition['since']>;

/** Where a source that resumes by itself stores its offset, and reads the last one. */
export interface Place {
  /** The latest origin of the count, of this process or the one before it. Absent: none. */
  readonly since: Beginning | undefined;
  /**
   * Starts a new count after `more` further examples (default 0). `beginning` returns its origin whenever
   * it is called.
   */
  begin(beginning: () => Beginning, more?: number): void;
  /**
   * The source repeats what it emitted since the latest origin: those examples are skipped. From now on
   * `beginning` returns the origin. Default: as before.
   */
  repeat(beginning?: () => Beginning): void;
}
