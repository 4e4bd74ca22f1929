const marks: ReadonlySet<string> = new Set([
  ...[
    '',
    'na',
    'n/a',
    '<na>',
    '#n/a',
    '#na',
    'nan',
    '-nan',
    'null',
    '(null)',
    'nil',
    'none',
    '\\n',
  ],
  ...['-', '--', '?', 'unavailable', 'unknown', 'missing', 'undefined', '#value!', '#div/0!'],
  ...['inf', '+inf', '-inf', 'infinity', '-infinity'],
]);

/** Words that are as often the name of a class as a mark. */
const classNames: ReadonlySet<string> = new Set(['none', 'unknown', 'missing', '-', '--', 'nil']);

/** Whether a text without surrounding spaces is a common mark of a missing value, in any case. */
export const isMissingMark = (text: string): boolean =>
  mayBeMark(text) && marks.has(text.toLowerCase());

/** The longest mark has this many characters. */
const lengthMax = 11;

/** No mark begins with a digit, as most numbers and timestamps do. */
const mayBeMark = (text: string): boolean => {
  const first = text.charCodeAt(0);
  return text.length <= lengthMax && !(first >= 48 && first <= 57);
};

/** The same for a target of classes: `none` and `unknown` may be classes, `NA` and `?` are not. */
export const isUnlabelledMark = (text: string): boolean => {
  if (!mayBeMark(text)) return false;
  const lower = text.toLowerCase();
  return marks.has(lower) && !classNames.has(lower);
};
