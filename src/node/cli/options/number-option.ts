import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number in a range. */
export const wholeNumber =
  (min: number, max = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  };

/** Reads an option that is one of a few numbers. */
export const oneOf =
  (allowed: readonly number[]) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && allowed.includes(value)) return value;
    throw new InvalidArgumentError(`Expected one of ${allowed.join(', ')}.`);
  };

/** Reads an option that is a number above zero. */
export const positiveNumber = (text: string): number => {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
};
