/** What waits for the end of the burst that is under way; undefined while there is none. */
let waiting: Set<() => void> | undefined;

/**
 * Runs a function that emits many values at once. An operator that processes them together is notified
 * at the end of the burst; when `burst` returns, all of them have been processed. A burst within another
 * is a part of it.
 */
export const burst = (emit: () => void): void => {
  if (waiting !== undefined) {
    emit();
    return;
  }
  const tasks = new Set<() => void>();
  waiting = tasks;
  try {
    emit();
  } finally {
    waiting = undefined;
    for (const task of tasks) task();
  }
};

/** Has a task done at the end of the burst that is under way. Returns whether there is one. */
export const atEndOfBurst = (task: () => void): boolean => {
  waiting?.add(task);
  return waiting !== undefined;
};
