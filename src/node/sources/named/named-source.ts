import type { OpenedSource } from '../opened-source.ts';
import type { OpenOptions, SourceOptions } from '../source-options.ts';

/** A source that a user can name on the command line: a member of a family. */
export interface NamedSource {
  /** What it is called in a sentence, such as `a file`. */
  readonly title: string;
  /** Words that name it, such as `digits`. */
  readonly words?: readonly string[];
  /** Schemes of the addresses that name it, such as `http`. */
  readonly schemes?: readonly string[];
  /** Options that not every source has, and this one does. Others that are not every source's are refused. */
  readonly options: readonly (keyof SourceOptions)[];
  /** Opens it. Throws a SourceError where that is clearly impossible. */
  open(specs: readonly string[], options: OpenOptions): OpenedSource;
}
