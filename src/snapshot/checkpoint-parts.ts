/** What a part of a checkpoint must be, and how it is called in an error. */
type Check = (value: unknown, path: string) => string | undefined;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wanted =
  (what: string, is: (value: unknown) => boolean): Check =>
  (value, path) =>
    is(value) ? undefined : `${path} must be ${what}, not ${shown(value)}`;

const shown = (value: unknown): string => {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
};

const text = wanted('a text', (value) => typeof value === 'string');
const flag = wanted('true or false', (value) => typeof value === 'boolean');
const finite = wanted('a finite number', Number.isFinite);
const count = wanted('a whole number of at least 0', (value) => isCount(value));
const textOrFinite = wanted(
  'a text or a finite number',
  (value) => typeof value === 'string' || Number.isFinite(value),
);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

const optional =
  (check: Check): Check =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);

const first = (faults: Iterable<string | undefined>): string | undefined => {
  for (const fault of faults) if (fault !== undefined) return fault;
  return undefined;
};

/** An object with these keys; others may be there, too. */
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (!isRecord(value)) return `${path} must be an object, not ${shown(value)}`;
    return first(Object.entries(fields).map(([key, check]) => check(value[key], at(path, key))));
  };

/** An object with any keys. */
const recordOf =
  (check: Check): Check =>
  (value, path) => {
    if (!isRecord(value)) return `${path} must be an object, not ${shown(value)}`;
    return first(Object.entries(value).map(([key, item]) => check(item, at(path, key))));
  };

const at = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

const isNumbered = (pair: unknown): boolean =>
  Array.isArray(pair) && typeof pair[0] === 'string' && isCount(pair[1]);

const checkpoint = record({
  model: recordOf(textOrFinite),
  history: record({ epoch: text, logs: record({ events: count, errors: count }) }),
  isFinal: flag,
  step: count,
  cost: record({ count, sum: finite }),
  source: record({
    name: text,
    since: optional(recordOf(textOrFinite)),
    taken: count,
    rejected: optional(count),
  }),
  producers: wanted(
    'a list of names with numbers',
    (value) => Array.isArray(value) && value.every(isNumbered),
  ),
});

/** What is wrong with a checkpoint apart from its memory, its producers as a list; undefined: nothing. */
export const faultOf = (parts: unknown): string | undefined => checkpoint(parts, '');
