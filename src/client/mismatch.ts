/**
 * What a value from outside must be, shown by an example: '' is a text, 0 a whole number from 0, 0.5 a
 * finite number, null such a number or null, true a boolean, ['…'] a list, {…} an object with at least
 * these fields (a name that ends with ? may be absent; * stands for all names).
 */
export type Pattern =
  | string
  | number
  | boolean
  | null
  | readonly [Pattern]
  | ((value: unknown) => boolean)
  | { readonly [name: string]: Pattern };

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;

/** Where a value differs from a pattern, such as `model.tensors.0.shape`; undefined: nowhere. */
export const mismatch = (pattern: Pattern, value: unknown, path: string): string | undefined => {
  let isRight = kindOf(pattern) === kindOf(value);
  if (typeof pattern === 'function') isRight = pattern(value);
  else if (typeof pattern === 'number') isRight = isNumber(value, pattern);
  else if (pattern === null) isRight = value === null || isNumber(value, 0.5);
  if (!isRight) return path;
  if (typeof pattern !== 'object' || pattern === null) return undefined;
  for (const [name, inner] of Object.entries(pattern)) {
    const found = mismatchOfField(name, inner, [value as Record<string, unknown>, path]);
    if (found !== undefined) return found;
  }
  return undefined;
};

const isNumber = (value: unknown, pattern: number): boolean =>
  pattern === 0 ? Number.isInteger(value) && (value as number) >= 0 : Number.isFinite(value);

const mismatchOfField = (
  name: string,
  pattern: Pattern,
  [value, path]: [Record<string, unknown>, string],
): string | undefined => {
  if (Array.isArray(value) || name === '*') {
    for (const key of Object.keys(value)) {
      const found = mismatch(pattern, value[key], `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const key = name.replace('?', '');
  if (key !== name && value[key] === undefined) return undefined;
  return mismatch(pattern, value[key], `${path}.${key}`);
};
