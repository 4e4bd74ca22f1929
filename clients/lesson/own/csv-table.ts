/** A table of texts: its header and its rows. */
export interface CsvTable {
  readonly names: readonly string[];
  /** With the line of the text in which each row begins, from 1. */
  readonly rows: readonly { readonly line: number; readonly fields: readonly string[] }[];
}

/** A text that is no table. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

const separators = [',', ';', '\t'];

/**
 * Reads a CSV with a header: fields are separated by commas, semicolons or tabs, whichever the header has
 * most of, and may be quoted. Throws a {@link CsvError} that names the line.
 */
export const csvTable = (text: string): CsvTable => {
  const body = text.replace(/^\uFEFF/, '');
  const firstLine = body.slice(0, body.search(/\r?\n|$/));
  const counts = separators.map((separator) => firstLine.split(separator).length);
  const separator = separators[counts.indexOf(Math.max(...counts))]!;
  const [header, ...rows] = recordsOf(body, separator);
  if (!header || rows.length === 0) {
    throw new CsvError('Expected a header and at least one row below it');
  }
  const names = header.fields.map((name) => name.trim());
  const empty = names.indexOf('');
  if (empty >= 0) throw new CsvError(`Column ${empty + 1} of the header has no name`);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new CsvError(`Two columns are called ${twice}`);
  if (names.every((name) => name !== '' && !Number.isNaN(Number(name)))) {
    throw new CsvError('The first line has only numbers: write the names of the columns above it');
  }
  return { names, rows };
};

function* fieldsOf(text: string, separator: string) {
  const pattern = new RegExp(`"((?:[^"]|"")*)"|[^${separator}\\r\\n"]*`, 'y');
  let line = 1;
  while (pattern.lastIndex < text.length || pattern.lastIndex === 0) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match || (text[start] === '"' && match[1] === undefined))
      throw new CsvError(`Line ${line}: a quotation mark is not closed`);
    const end = start + match[0].length;
    const next = text.slice(end, end + 2);
    const isEnd = next === '' || next.startsWith('\n') || next.startsWith('\r');
    if (!isEnd && !next.startsWith(separator)) {
      throw new CsvError(
        `Line ${line}: expected ${JSON.stringify(separator)} after a quoted field`,
      );
    }
    yield { line, field: match[1]?.replaceAll('""', '"') ?? match[0].trim(), isEnd };
    line += match[0].split('\n').length - 1;
    if (isEnd) line += 1;
    pattern.lastIndex = end + (next.startsWith('\r\n') ? 2 : 1);
    if (end >= text.length) return;
  }
}

const recordsOf = (text: string, separator: string): CsvTable['rows'] => {
  const records: { line: number; fields: string[] }[] = [];
  let record: { line: number; fields: string[] } | undefined;
  for (const { line, field, isEnd } of fieldsOf(text, separator)) {
    record ??= { line, fields: [] };
    record.fields.push(field);
    if (!isEnd) continue;
    // A line without anything is no row.
    if (record.fields.length > 1 || record.fields[0] !== '') records.push(record);
    record = undefined;
  }
  return records;
};
