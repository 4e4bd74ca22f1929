/** The longest that a client stays away because a server asks it to, in ms. */
const hintMax = 3_600_000;

/** The least and the most of a bound that doubles, in ms. */
const [floorMs, ceilingMs] = [100, 30_000];

/** Reads how long the server wants a client to stay away, in ms, from the reason of a close. */
export const retryHint = (reason: string): number | undefined => {
  const hint = /^retryMs=(\d{1,9})/.exec(reason)?.[1];
  return hint === undefined ? undefined : Number(hint);
};

/**
 * How long to wait where a server says for how long, in ms: as long as it says, but at least a time
 * that doubles from 0.1 s to 30 s with each attempt that led to nothing, and an hour at most. A timer
 * with more than 2^31 − 1 ms fires at once.
 */
export const hinted = (hintMs: number, attempt: number): number =>
  Math.min(hintMax, Math.max(hintMs, doubled(floorMs, attempt)));

/**
 * How long to wait before the next attempt, in ms: any time up to a bound that doubles from half a
 * second to thirty (full jitter), so that clients that lost their connections at once do not reconnect at once.
 */
export const backoff = (attempt: number, random: () => number): number =>
  random() * doubled(500, attempt);

const doubled = (ms: number, attempt: number): number =>
  Math.min(ceilingMs, ms * (1 << Math.min(attempt, 10)));
