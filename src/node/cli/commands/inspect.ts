import { Command } from 'commander';
import { lastValueFrom, take, toArray } from 'rxjs';
import { type ColumnOptions, columnSettings } from '../../../encode/columns/column-settings.ts';
import { columns } from '../../../encode/columns/columns.ts';
import { columnSummary } from '../../../encode/columns/summary.ts';
import { inferColumns, type NamedColumn } from '../../../encode/columns/table.ts';
import { type InferredTask, inferredTask, TASK_ROWS } from '../../../encode/task.ts';
import type { Example } from '../../../sources/example.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { WrittenCells } from '../../../sources/written-cells.ts';
import { texts } from '../../sources/named/text.ts';
import { openSource } from '../../sources/open-source.ts';
import type { SourceOptions } from '../../sources/source-options.ts';
import { withColumnOptions } from '../options/column-options.ts';
import { withTextOptions } from '../options/text-options.ts';
import { columnReport } from '../reports/column-table.ts';
import { connectionLines } from '../terminal/connection-lines.ts';
import { jsonLine } from '../terminal/printable.ts';

interface InspectOptions
  extends ColumnOptions,
    Pick<SourceOptions, 'delimiter' | 'header' | 'encoding'> {
  readonly target?: string;
  readonly json?: boolean;
}

/** `rivulet inspect FILE|URL|-`: what the columns of the first 1,000 rows are, without learning. */
export const inspectCommand = (): Command =>
  withTextOptions(
    withColumnOptions(
      new Command('inspect')
        .description(
          'print the inferred type of each column of the first 1,000 rows, without learning',
        )
        .argument(
          '<source...>',
          'CSV or NDJSON files, gzipped or not; an address; - for standard input',
        )
        .option('-t, --target <name>', 'the column or field to predict (default: target)')
        .option('--json', 'print the result as one JSON object'),
    ),
  ).action(inspect);

const inspect = async (specs: string[], options: InspectOptions): Promise<void> => {
  const { target = 'target', json } = options;
  const settings = columnSettings(options);
  let rejected = 0;
  const source = openSource(specs, {
    target,
    ...texts(options),
    events: connectionLines(process.stderr),
    seed: 1,
    rejected: {
      next() {
        rejected += 1;
      },
    },
    written: new WrittenCells(),
    // Nothing resumes: the source is read once, from its beginning.
    place: { since: undefined, begin() {}, repeat() {} },
  });
  const rows = await lastValueFrom(source.examples.pipe(take(TASK_ROWS), toArray()));
  if (rows.length === 0) throw new SourceError(`${source.name}: no row can be read`);
  const table = inferColumns(rows, target, settings);
  const task = taskOf(rows, table, options);
  const found = { rows: rows.length, rejected, ...(task && { task: task.task }) };
  process.stdout.write(
    json
      ? jsonLine({ source: source.name, ...found, columns: table })
      : `${columnReport(table, found)}${notes(table, task)}`,
  );
};

/** The task by the typed targets; undefined where there are none. */
const taskOf = (
  rows: readonly Example[],
  known: readonly NamedColumn[],
  options: ColumnOptions,
): InferredTask | undefined => {
  const part = columns({ ...options, known });
  const memory = part.initial();
  const typed = rows.map((row) => part.apply(memory, row));
  return typed.some(({ target }) => target !== undefined) ? inferredTask(typed) : undefined;
};

const notes = (table: readonly NamedColumn[], task: InferredTask | undefined): string =>
  [...columnSummary(table).slice(1), task ? `target: ${task.reason}` : 'no row has a target']
    .map((line) => `${line}\n`)
    .join('');
