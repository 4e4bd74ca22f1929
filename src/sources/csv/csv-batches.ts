import { SampleError } from '../../stream/rejection.ts';
import type { Example } from '../example.ts';
import type { RowOptions, RowReader } from '../row-reader.ts';
import { SourceError } from '../source-error.ts';
import { CsvParser } from './csv-parser.ts';
import type { CsvRow } from './csv-row.ts';
import { CsvShape } from './csv-shape.ts';

/** Options of a CSV text. */
export interface CsvOptions extends RowOptions {
  /** The character between two fields. Default: found in the header among `,` `;` tab and `|`. */
  readonly delimiter?: string;
}

/**
 * Rows are read in batches of this size. To alternate between reading and learning for each row
 * would evict the code of both from the instruction cache.
 */
const rowsAtOnce = 128;

/** Reads one file as CSV. */
export const csvBatches: RowReader<CsvOptions> = async function* (
  { name, bytes },
  { rejected, delimiter, ...record },
) {
  const parser = new CsvParser(delimiter);
  let shape: CsvShape | undefined;
  const exampleOf = (row: CsvRow): Example | undefined => {
    try {
      if (shape !== undefined) return shape.example(row);
      shape = CsvShape.of(row, name, record);
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      rejected?.next(error.at(row.line, row, row.fields()));
    }
    return undefined;
  };
  const nextExamples = (): Example[] => {
    const examples: Example[] = [];
    while (examples.length < rowsAtOnce) {
      const row = parser.next();
      if (row === undefined) break;
      const example = exampleOf(row);
      if (example !== undefined) examples.push(example);
    }
    return examples;
  };
  const batches = function* (): Generator<Example[]> {
    for (let some = nextExamples(); some.length > 0; some = nextExamples()) yield some;
  };
  for await (const piece of bytes) {
    parser.push(piece);
    yield* batches();
  }
  parser.end();
  yield* batches();
  if (shape === undefined) throw new SourceError(`${name} is empty`);
};
