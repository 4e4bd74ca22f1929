/** Reads how long the server wants a client to stay away, in ms, from the reason of a close. */
export const retryHint = (reason: string): number | undefined => {
  const hint = /^retryMs=(\d{1,9})/.exec(reason)?.[1];
  return hint === undefined ? undefined : Number(hint);
};

/**
 * How long to wait before the next attempt, in ms: any time up to a bound that doubles from half a
 * second to thirty (full jitter), so that those who were cut together do not come back together.
 */
export const backoff = (attempt: number, random: () => number): number =>
  random() * Math.min(30_000, 500 * (1 << Math.min(attempt, 10)));
