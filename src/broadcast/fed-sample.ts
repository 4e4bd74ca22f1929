import { Compile } from 'typebox/compile';
import { oversize } from '../sources/nesting.ts';
import type { RejectionCode } from '../stream/rejection.ts';
import { FedSample } from './client-messages.ts';
import type { Limits } from './limits.ts';

/** A fed value that is not a sample. It is rejected by itself; the rest of its batch is learned. */
export class InvalidSample {
  readonly code: RejectionCode;
  /** What was wrong, and where in the sample. */
  readonly reason: string;
  /** What it was, where that was no JSON. */
  readonly text: string | undefined;

  constructor(code: RejectionCode, reason: string, text?: string) {
    this.code = code;
    this.reason = reason;
    this.text = text;
  }
}

/** How much one sample may hold. */
export type SampleLimits = Pick<Limits, 'sampleDepth' | 'sampleValues'>;

const validator = Compile(FedSample);

const expected: Readonly<Record<string, string>> = {
  '': 'an object such as {"features":{"t":21.5},"target":"on"}',
  x: 'an array of numbers, with null for a missing value',
  y: 'an array of numbers',
  features: 'an object of features by name',
  target: 'a number, a string or a boolean',
  id: 'a string of 1 to 128 characters',
  time: 'a number: milliseconds since the Unix epoch',
  weight: 'a number from 0 to 1e6',
};

/**
 * Reads one fed value, whatever carried it: the sample, or why it is not one. A number that JSON
 * parses to Infinity, such as 1e999, has the code `value`; features beyond the
 * limits have `shape`; any other wrong JSON type has `parse`.
 */
export const readFedSample = (value: unknown, limits: SampleLimits): FedSample | InvalidSample => {
  if (value instanceof InvalidSample) return value;
  if (validator.Check(value)) {
    const reason = value.features && oversizeRow(value.features, limits);
    return reason === undefined ? value : new InvalidSample('shape', reason);
  }
  const [error] = validator.Errors(value);
  const path = (error?.instancePath ?? '').split('/').slice(1);
  const found = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value);
  const field = path[0] ?? '';
  const place = field === '' ? 'a sample' : path.join('.');
  if (found === Number.POSITIVE_INFINITY || found === Number.NEGATIVE_INFINITY) {
    return new InvalidSample('value', `${place} is ${found}: expected a finite number`);
  }
  const what = path.length > 1 ? expectedElement[field] : expected[field];
  return new InvalidSample('parse', `${place} is ${shown(found)}: expected ${what}`);
};

/** Why the features of a row are too deep or too large, or undefined where they are not. */
export const oversizeRow = (
  features: object,
  { sampleDepth, sampleValues }: SampleLimits,
): string | undefined => {
  const reason = oversize(features, { depthMax: sampleDepth, valuesMax: sampleValues });
  return reason === undefined ? undefined : `features: ${reason}`;
};

const expectedElement: Readonly<Record<string, string>> = {
  x: 'a number or null',
  y: 'a number',
};

const shown = (value: unknown): string => {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
};
