import type { JSX } from 'preact';
import type { MetricsFrame } from '../../../src/client/index.ts';
import { columnTitle, type MeasureRow, measureTable } from '../reduce/measure-table.ts';
import { measureKind } from '../reduce/measures.ts';
import { measureText } from '../reduce/number-text.ts';

/** All measures: over everything, over the newest samples, and those of "as last time". */
export function MeasuresTable({ metrics }: { metrics: MetricsFrame }): JSX.Element {
  const { columns, rows } = measureTable(metrics.metrics, metrics.baseline);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label="All measures">
      <table class="measures">
        <thead>
          <tr>
            <th scope="col">Measure</th>
            {columns.map((over) => (
              <th scope="col" key={over}>
                {columnTitle(over)}
              </th>
            ))}
            <th scope="col">No change</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.name} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ row: { name, values, baseline } }: { row: MeasureRow }): JSX.Element {
  const kind = measureKind(name);
  return (
    <tr>
      <th scope="row">{kind.title}</th>
      {[...values, baseline].map((value, column) => (
        <td key={column}>{measureText(value, kind)}</td>
      ))}
    </tr>
  );
}
