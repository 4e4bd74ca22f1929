/** One row of a sample of a CSV text. */
export interface SampleRow {
  /** The line that it begins on, counted from 0. */
  readonly line: number;
  /** Its fields without quotes and surrounding spaces. */
  readonly cells: readonly string[];
  /** Whether text follows a closing quote, which no good row has. */
  readonly isBad: boolean;
}

/** How a sample is cut. */
export interface SampleFormat {
  readonly delimiter: string;
  /** Whether `\"` is a quote in a quoted field. */
  readonly isEscaped: boolean;
  /** Whether the last row is complete without a line end. */
  readonly isEnd: boolean;
}

/**
 * Cuts the first rows of a CSV text, to find how it is laid out. Unlike the parser, which reads whole
 * files at speed, it takes whatever comes: text after a closing quote belongs to the field. Empty lines
 * are left out, and so is an incomplete last row.
 */
export const sampleRows = (text: string, { delimiter, isEscaped, isEnd }: SampleFormat) => {
  const rows: SampleRow[] = [];
  let cells: string[] = [];
  let cell = '';
  let [line, firstLine] = [0, 0];
  let [isQuoted, isClosed, isBad] = [false, false, false];
  const endCell = (): void => {
    cells.push(cell.trim());
    cell = '';
    isClosed = false;
  };
  const endRow = (): void => {
    endCell();
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: firstLine, cells, isBad });
    cells = [];
    isBad = false;
    firstLine = line;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '\n') line += 1;
    if (isQuoted) {
      if (isEscaped && character === '\\' && /["\\]/.test(text[at + 1] ?? '')) at += 1;
      else if (character === '"' && text[at + 1] === '"') at += 1;
      else if (character === '"') [isQuoted, isClosed] = [false, true];
      if (isQuoted) cell += text[at];
    } else if (character === '"' && cell === '' && !isClosed) isQuoted = true;
    else if (character === '\n') endRow();
    else if (character === delimiter) endCell();
    else {
      cell += character;
      isBad ||= isClosed && character !== '\r';
    }
  }
  if (isEnd && !isQuoted) endRow();
  return rows;
};
