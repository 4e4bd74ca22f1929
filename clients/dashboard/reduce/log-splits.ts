/** Where a logarithmic axis is labelled: 1, 2 and 5 of each decade; the powers alone if many. */
export function logSplits(min: number, max: number): number[] {
  if (!(min > 0) || !(max > min)) return [];
  const [from, to] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const factors = to - from > 4 ? [1] : [1, 2, 5];
  const every = Math.max(1, Math.ceil((to - from) / 8));
  const splits: number[] = [];
  for (let exponent = from; exponent <= to; exponent += 1) {
    if (exponent % every !== 0) continue;
    for (const factor of factors) {
      // Written out and read back: 3 * 10 ** -5 is not the number 0.00003.
      splits.push(Number(`${factor}e${exponent}`));
    }
  }
  return splits.filter((split) => split >= min && split <= max);
}
