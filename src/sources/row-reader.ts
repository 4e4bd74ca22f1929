import type { PaceOptions } from '../stream/pace.ts';
import type { RejectionSink } from '../stream/rejection.ts';
import type { ConnectionEventSink } from './connection-event.ts';
import type { Example } from './example.ts';
import type { NamedBytes } from './named-bytes.ts';
import type { RecordOptions } from './record.ts';
import type { EncodingOptions } from './text-encoding.ts';
import type { WrittenCells } from './written-cells.ts';

/** Options of everything that reads rows of text. */
export interface RowOptions extends RecordOptions, EncodingOptions, PaceOptions {
  /** Whether a CSV may lack the column of the target, as rows to predict do. Default false. */
  readonly isTargetOptional?: boolean;
  /** Receives the rows that cannot be read. Default: they are left out. */
  readonly rejected?: RejectionSink;
  /** Which cells are given as they are written. Default: none; what reads as a number is one. */
  readonly written?: WrittenCells;
  /** Notified how a text is read where that is not plain, such as of renamed columns. */
  readonly events?: ConnectionEventSink;
}

/** Reads the rows of one file or response, many examples at a time. */
export type RowReader<Options extends RowOptions = RowOptions> = (
  file: NamedBytes,
  options: Options,
) => AsyncIterable<Iterable<Example>>;
