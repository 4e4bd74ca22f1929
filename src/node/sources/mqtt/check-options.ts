import { timerMsMax } from '../../threads/wall-clock.ts';

/** Throws a RangeError where an option that was given is none of the allowed values. */
export const checkOneOf = (name: string, value: unknown, allowed: readonly unknown[]): void => {
  if (value === undefined || allowed.includes(value)) return;
  const known = allowed.map(shown);
  const list = `${known.slice(0, -1).join(', ')} or ${known.at(-1)}`;
  throw new RangeError(`${name} must be ${list}, not ${shown(value)}`);
};

/** Throws a RangeError where an option that was given is no whole number from 1 to `max`. */
export const checkCount = (
  name: string,
  value: unknown,
  max: number = Number.MAX_SAFE_INTEGER,
): void => {
  if (value === undefined) return;
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max) return;
  const range = max === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${max}`;
  throw new RangeError(`${name} must be a whole number ${range}, not ${shown(value)}`);
};

/** Throws a RangeError where an option that was given is no time that can be waited for, in ms. */
export const checkMs = (name: string, value: unknown): void => {
  if (value === undefined) return;
  if (typeof value === 'number' && value > 0 && value <= timerMsMax) return;
  throw new RangeError(`${name} must be above 0 and at most ${timerMsMax} ms, not ${shown(value)}`);
};

/** Throws where an option that was given is no text, or an empty one, or one with such characters. */
export const checkName = (name: string, value: unknown, forbidden = ''): void => {
  if (value === undefined) return;
  if (typeof value !== 'string') throw new TypeError(`${name} must be text, not ${shown(value)}`);
  const isGood = value !== '' && ![...forbidden].some((character) => value.includes(character));
  if (isGood) return;
  const without = forbidden === '' ? '' : ` without ${[...forbidden].join(' ')}`;
  throw new RangeError(`${name} must be a text${without} that is not empty, not ${shown(value)}`);
};

/** Throws a TypeError where an option that was given cannot be called. */
export const checkFunction = (name: string, value: unknown): void => {
  if (value === undefined || typeof value === 'function') return;
  throw new TypeError(`${name} must be a function, not ${shown(value)}`);
};

const shown = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : String(value);
