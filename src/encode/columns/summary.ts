import { describeForm } from './column.ts';
import { undecidedOrder } from './infer-column.ts';
import type { NamedColumn } from './table.ts';

/** Names that are listed of one kind, at most. */
const namesMax = 6;

/**
 * What was inferred of columns, one line each: how many of each kind, which are left out and why, and
 * what only the user can decide.
 */
export const columnSummary = (columns: readonly NamedColumn[]): string[] => {
  const features = columns.filter(({ isTarget }) => !isTarget);
  return [counted(features), ...leftOut(features), ...undecided(features)];
};

const counted = (features: readonly NamedColumn[]): string => {
  const byForm = new Map<string, string[]>();
  for (const column of features) {
    if (!isUsed(column)) continue;
    const form = describeForm(column);
    const names = byForm.get(form);
    if (names) names.push(column.name);
    else byForm.set(form, [column.name]);
  }
  const parts = Array.from(byForm, ([form, names]) => `${names.length} ${form}: ${listed(names)}`);
  return parts.length === 0 ? 'columns: none' : `columns: ${parts.join('; ')}`;
};

const isUsed = ({ kind }: NamedColumn): boolean =>
  kind === 'number' || kind === 'timestamp' || kind === 'category';

const leftOut = (features: readonly NamedColumn[]): string[] => {
  const ids = features.filter(({ kind }) => kind === 'identifier').map(({ name }) => name);
  const empty = features.filter(({ kind }) => kind === 'empty').map(({ name }) => name);
  return [
    ...(ids.length === 0
      ? []
      : [`left out: ${listed(ids)}: nearly every row has a new text (--text <name> keeps it)`]),
    ...(empty.length === 0 ? [] : [`without a value so far: ${listed(empty)}`]),
  ];
};

const undecided = (features: readonly NamedColumn[]): string[] => {
  const names = features
    .filter(({ notation }) => notation === undecidedOrder)
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `no row of ${listed(names)} decides whether the day or the month comes first; the day is taken: ` +
      'say --date-order dmy or mdy',
  ];
};

const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, namesMax).join(', ');
  return names.length > namesMax ? `${shown}, … (${names.length})` : shown;
};
