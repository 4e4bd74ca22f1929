/** A group of this machine's sensors. It remembers its counters, to tell rates from them. */
export interface Sensor {
  /** The readings since the last call, or undefined where this system has none of them. */
  read(seconds: number): Readonly<Record<string, number>> | undefined;
  /** Lets go of what it holds. */
  close?(): void;
}

/**
 * Turns counters into rates a second. A counter that went backwards was reset: 0. One that is not a
 * number is left out.
 */
export const ratesOf = (): ((
  counters: Record<string, number>,
  seconds: number,
) => Record<string, number>) => {
  let before: Record<string, number> = {};
  return (counters, seconds) => {
    const known = Object.entries(counters).filter(([, count]) => Number.isFinite(count));
    const rates = Object.fromEntries(
      known.map(([name, count]) => [
        name,
        Math.max(0, count - (before[name] ?? count)) / Math.max(seconds, 1e-3),
      ]),
    );
    before = Object.fromEntries(known);
    return rates;
  };
};
