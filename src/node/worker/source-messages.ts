import type { CrossedError } from './messages.ts';
import type { PackedExamples } from './packed-examples.ts';

/** What crosses to the thread of a source. */
export type ToSource =
  /** Of so many places of the oldest batch that is not settled the examples were taken. */
  { readonly kind: 'taken'; readonly count: number } | { readonly kind: 'stop' };

/** What crosses from the thread of a source; `News` is what it says beside its examples. */
export type FromSource<News> =
  | { readonly kind: 'batch'; readonly packed: PackedExamples; readonly news: News }
  | { readonly kind: 'news'; readonly news: News }
  /** Without an error: all there is has come. */
  | { readonly kind: 'ended'; readonly error?: CrossedError };
