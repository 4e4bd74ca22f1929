import type { Snapshot } from '../../../snapshot/snapshot.ts';

/** A whole number with separators: 35,940. */
// biome-ignore lint/plugin: shown to people, in English everywhere
export const count = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Four significant digits, without an exponent where that is readable. */
export const figure = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(3);
  return String(Number(value.toPrecision(4)));
};

/** A share as a percentage: 94.13 %. */
export const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

/** The measure of a snapshot in words, such as `accuracy 94.13 %`. */
export const measureOf = ({ metrics }: Snapshot): string => {
  const { accuracy, mae } = metrics;
  if (accuracy !== undefined) return `accuracy ${percent(accuracy)}`;
  return mae === undefined ? '' : `mean absolute error ${figure(mae)}`;
};
