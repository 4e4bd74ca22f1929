/** What waits for the end of the burst that is under way; undefined while there is none. */
let waiting: Set<() => void> | undefined;

/**
 * Runs what emits many values at once. Whoever would rather take them together hears at the end of the
 * burst that these were all; when it returns, all of them have been taken.
 */
export const burst = (emit: () => void): void => {
  const outer = waiting;
  const mine = new Set<() => void>();
  waiting = mine;
  try {
    emit();
  } finally {
    waiting = outer;
    for (const task of mine) task();
  }
};

/** Has a task done at the end of the burst that is under way. Returns whether there is one. */
export const atEndOfBurst = (task: () => void): boolean => {
  waiting?.add(task);
  return waiting !== undefined;
};
