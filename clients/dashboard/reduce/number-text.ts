const SUFFIXES = ['', ' k', ' M', ' G', ' T'];

/** A number in about three digits: 0.0123, 4.56, 12.3 k, 1.2e-7. */
export function shortNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value < 0) return `−${shortNumber(-value)}`;
  if (value === 0) return '0';
  if (value < 1e-4) return value.toExponential(1).replace('e-', 'e−');
  if (value < 1) return value.toFixed(4);
  if (value < 1e3) return value.toPrecision(4);
  const power = Math.min(SUFFIXES.length - 1, Math.floor(Math.log10(value) / 3 + 1e-12));
  return `${(value / 1e3 ** power).toPrecision(3)}${SUFFIXES[power]}`;
}

/** A number for an axis: as short as it can be said. */
export function axisNumber(value: number): string {
  return shortNumber(value)
    .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
    .replace(/\.(?=\D|$)/, '');
}

/** A whole number with thin spaces between its thousands, in any language's page. */
export function wholeNumber(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

/** A share of one as per cent. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1).replace('-', '−')}\u202f%` : '–';
}

/** How long ago, in the largest unit that still says something. */
export function ageText(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 10_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** A number of bytes for people. */
export function bytesText(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes < 1024 ? `${mebibytes.toFixed(0)} MiB` : `${(mebibytes / 1024).toFixed(2)} GiB`;
}

/** A measure as it is read: a share as per cent, a dash where there is none. */
export function measureText(
  value: number | null | undefined,
  { isShare }: { readonly isShare: boolean },
): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  return isShare ? percent(value) : shortNumber(value);
}
