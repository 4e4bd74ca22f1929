import { Command } from 'commander';
import { lastValueFrom, take, toArray } from 'rxjs';
import { TASK_ROWS } from '../../../encode/task.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { openSource } from '../../sources/open-source.ts';
import { columnReport, columnsOf } from '../reports/column-table.ts';
import { jsonLine } from '../terminal/printable.ts';

interface InspectOptions {
  readonly target: string;
  readonly json?: boolean;
}

/** `rivulet inspect FILE|URL|-`: what the columns of the first 1,000 rows are, without learning. */
export const inspectCommand = (): Command =>
  new Command('inspect')
    .description('print the inferred type of each column of the first 1,000 rows, without learning')
    .argument(
      '<source...>',
      'CSV or NDJSON files, gzipped or not; an address; - for standard input',
    )
    .option('-t, --target <name>', 'the column or field to predict', 'target')
    .option('--json', 'print the result as one JSON object')
    .action(inspect);

const inspect = async (specs: string[], { target, json }: InspectOptions): Promise<void> => {
  let rejected = 0;
  const source = openSource(specs, {
    target,
    seed: 1,
    rejected: {
      next() {
        rejected += 1;
      },
    },
    // Nothing resumes: the source is read once, from its beginning.
    place: { since: undefined, begin() {}, repeat() {} },
  });
  const rows = await lastValueFrom(source.examples.pipe(take(TASK_ROWS), toArray()));
  if (rows.length === 0) throw new SourceError(`${source.name}: no row can be read`);
  const columns = columnsOf(rows, target);
  process.stdout.write(
    json
      ? jsonLine({ source: source.name, rows: rows.length, rejected, columns })
      : columnReport(columns, { rows: rows.length, rejected }),
  );
};
