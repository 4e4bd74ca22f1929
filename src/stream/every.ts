/** The longest time a timer can wait: what is longer fires at once. */
const timerMsMax = 0x7fff_ffff;

/**
 * Runs a task at an interval, in milliseconds, until the returned function is called. In Node the timer does
 * not keep the process alive: it serves values that others bring, and ends with them. An error of the
 * task is passed to `failed`, since a timer would make an uncaught error of it.
 */
export const every = (
  ms: number,
  task: () => void,
  failed: (error: unknown) => void,
): (() => void) => {
  const timer = setInterval(
    () => {
      try {
        task();
      } catch (error) {
        failed(error);
      }
    },
    Math.min(ms, timerMsMax),
  );
  unref(timer);
  return () => clearInterval(timer);
};

/** Lets the process end while a timer runs. Browsers have no such notion. */
export const unref = (timer: unknown): void => {
  (timer as { unref?(): void }).unref?.();
};
