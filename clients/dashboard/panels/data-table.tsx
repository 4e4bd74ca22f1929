import type { JSX } from 'preact';
import { shortNumber, wholeNumber } from '../reduce/number-text.ts';

const ROWS = 40;

/** What a table of a curve is given. */
export interface DataTableProps {
  readonly caption: string;
  readonly step: Float64Array;
  readonly columns: readonly { readonly title: string; readonly values: Float64Array }[];
}

/** The numbers behind a chart, evenly chosen from all of it, newest first. */
export function DataTable({ caption, step, columns }: DataTableProps): JSX.Element {
  const rows = chosenRows(step.length);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="data-table" tabIndex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            {columns.map(({ title }) => (
              <th scope="col" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={step[row]}>
              <th scope="row">{wholeNumber(step[row] ?? 0)}</th>
              {columns.map(({ title, values }) => (
                <td key={title}>{shortNumber(values[row] ?? Number.NaN)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function chosenRows(length: number): number[] {
  const count = Math.min(ROWS, length);
  return Array.from({ length: count }, (_, index) =>
    Math.round(length - 1 - (index * (length - 1)) / Math.max(1, count - 1)),
  );
}
