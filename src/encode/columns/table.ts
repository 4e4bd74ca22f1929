import type { Example } from '../../sources/example.ts';
import { type ColumnSettings, noColumnSettings } from './column-settings.ts';
import { type ColumnType, inferColumn } from './infer-column.ts';

/** A column with its name and inferred type. */
export interface NamedColumn extends ColumnType {
  /** Its name in the header or the record. */
  readonly name: string;
  /** Whether it is the target. */
  readonly isTarget: boolean;
  /** The column with the time of day of these dates; absent where there is none. */
  readonly clock?: string;
}

/**
 * The inferred columns of some rows in the order in which they appear, the target last. Dates in one
 * column and the time of day in another, where there is one of each, are read as one timestamp.
 */
export const inferColumns = (
  rows: readonly Example[],
  target: string,
  settings: ColumnSettings = noColumnSettings,
): NamedColumn[] => {
  const names = new Set<string>();
  for (const { features } of rows) for (const name in features) names.add(name);
  const features = [...names].map((name) => ({
    ...{ name, isTarget: false },
    ...inferColumn(
      rows.map((row) => row.features[name]),
      { name, settings },
    ),
  }));
  const labels = rows.map((row) => row.target);
  return [
    ...joined(features),
    {
      name: target,
      isTarget: true,
      ...inferColumn(labels, { name: target, isTarget: true, settings }),
    },
  ];
};

const joined = (columns: readonly NamedColumn[]): NamedColumn[] => {
  const dates = columns.filter(({ kind, isDateAlone }) => kind === 'timestamp' && isDateAlone);
  const clocks = columns.filter(({ kind, order }) => kind === 'timestamp' && order === 'clock');
  const [date, clock] = [dates[0], clocks[0]];
  if (!date || !clock || dates.length > 1 || clocks.length > 1) return [...columns];
  return columns.map((column) => {
    if (column === date) return { ...date, clock: clock.name };
    if (column === clock)
      return { ...clock, kind: 'dropped', notation: `time of day of ${date.name}` };
    return column;
  });
};
