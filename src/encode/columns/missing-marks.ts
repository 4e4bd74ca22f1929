const marks: ReadonlySet<string> = new Set([
  ...['', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', '\\n', '-', '--', '?'],
  ...['unavailable', 'unknown', 'missing'],
]);

/** Whether a text without surrounding spaces is a common mark of a missing value, in any case. */
export const isMissingMark = (text: string): boolean => marks.has(text.toLowerCase());
