import type { ConnectionState } from '../../../client/link.ts';
import { printable } from './printable.ts';
import type { Watched } from './watched.ts';

/** A whole number with separators: 35,940. */
// biome-ignore lint/plugin: shown to people, in English everywhere
export const countText = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Four significant digits; a dash for what is not there. */
export const figureText = (value: number | null | undefined): string => {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(2);
  return value.toPrecision(4);
};

/** J_total: the mean over everything. */
export const totalText = ({ cost }: Watched): number =>
  cost && cost.n > 0 ? cost.sum / cost.n : Number.NaN;

/** How the connection is doing. */
export const stateText = ({ phase, reason, retryMs }: ConnectionState): string => {
  if (phase === 'live' || phase === 'connecting') return phase;
  if (phase === 'closed') return `closed: ${printable(reason)}`;
  return `${printable(reason)}, trying again${retryMs ? ` in ${Math.ceil(retryMs / 1000)} s` : ''}`;
};

/** The time of day of something that happened. */
// biome-ignore lint/plugin: the clock of whoever watches
export const timeOfDay = (at: number): string => new Date(at).toTimeString().slice(0, 8);
