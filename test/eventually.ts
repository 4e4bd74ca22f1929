import { vi } from 'vitest';

/**
 * Repeats a check every `interval` ms until it passes. Fails with its last error after `timeout` ms: by
 * default within the 30 s that a test has. `vi.waitFor` alone gives up after one second, which a loaded
 * machine needs now and then.
 */
export const eventually = <Value>(
  check: () => Value | Promise<Value>,
  {
    interval = 20,
    timeout = 25_000,
  }: { readonly interval?: number; readonly timeout?: number } = {},
): Promise<Value> => vi.waitFor(check, { timeout, interval });
