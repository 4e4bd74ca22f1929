const names = ['SIGINT', 'SIGTERM'] as const;

/** How long the process may take to end after a signal. */
const endMs = 4_500;

/**
 * Settles at the first Ctrl-C or SIGTERM. From then on the process ends within five seconds, and at
 * once at the second signal, whatever still holds it.
 */
export const endSignal = (): Promise<void> =>
  new Promise((resolve) => {
    const leave = (): never => process.exit(process.exitCode ?? 130);
    const begin = (): void => {
      for (const name of names) process.off(name, begin).on(name, leave);
      setTimeout(leave, endMs).unref();
      resolve();
    };
    for (const name of names) process.on(name, begin);
  });
