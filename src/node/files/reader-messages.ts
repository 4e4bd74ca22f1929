import type { Rejection } from '../../stream/rejection.ts';
import type { ByteProgress } from './bytes.ts';
import type { CsvOptions } from './csv-reading.ts';
import type { ReadingName } from './reading.ts';

/** What the thread of a reader is told to do. */
export interface ReaderSettings {
  readonly reading: ReadingName;
  readonly paths: readonly string[];
  readonly options: Pick<CsvOptions, 'target' | 'id' | 'time' | 'delimiter'>;
}

/** What the thread of a reader says beside a batch of examples. */
export interface ReaderNews {
  readonly progress: ByteProgress;
  /** One for each place of the batch that has no example. */
  readonly rejections: readonly Rejection[];
}
