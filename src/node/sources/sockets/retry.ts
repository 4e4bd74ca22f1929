import type { ConnectionEventSink } from '../../../sources/connection-event.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { timerMsMax } from '../../threads/wall-clock.ts';

/** How a connection is kept. */
export interface RetryOptions {
  /** How long the first connection is waited for, in milliseconds. Default 30,000. */
  readonly waitMs?: number;
  /** Attempts in a row without progress after which the source fails: ≥ 1. Default 60. */
  readonly attemptsMax?: number;
  /**
   * The longest time before the next attempt that a server can ask for (`retry:` of server-sent
   * events), in milliseconds, at least 0. Default 300,000.
   */
  readonly retryMsMax?: number;
  /** Told of what becomes of the connection. */
  readonly events?: ConnectionEventSink;
}

const delayMinMs = 250;
const delayMaxMs = 30_000;

/** Throws a RangeError where an option is out of its range. */
export const checkRetry = ({ retryMsMax }: RetryOptions): void => {
  if (retryMsMax === undefined || (retryMsMax >= 0 && retryMsMax <= timerMsMax)) return;
  throw new RangeError(`retryMsMax must be from 0 to ${timerMsMax} ms, not ${retryMsMax}`);
};

/**
 * Says how long to wait before a connection is tried again: twice as long each time until there is
 * progress, with a random part so that many clients do not come back at once. A server that accepts
 * connections and breaks them at once makes none. Throws a SourceError when it is to be given up.
 */
export class Retry {
  readonly #url: string;
  readonly #options: RetryOptions;
  readonly #startMs = performance.now();
  #attempts = 0;
  /** When the present connection began to stand; Infinity while there is none. */
  #connectedMs = Number.POSITIVE_INFINITY;
  #hasStood = false;

  constructor(url: string, options: RetryOptions) {
    this.#url = url;
    this.#options = options;
  }

  /** The connection stands. */
  connected(): void {
    this.#hasStood = true;
    this.#connectedMs = performance.now();
    this.#options.events?.next({ kind: 'connected', message: `connected to ${this.#url}` });
  }

  /** Something new has come over it: the next attempts begin with the shortest delay. */
  progressed(): void {
    this.#attempts = 0;
  }

  /** The connection failed, or broke. Waits for as long as is right; `least` is the server's wish. */
  async failed(reason: string, signal: AbortSignal, least = 0): Promise<void> {
    const { waitMs = 30_000, attemptsMax = 60, retryMsMax = 300_000, events } = this.#options;
    // One that stood for so long was good, though nothing new came over it.
    if (performance.now() - this.#connectedMs > delayMaxMs) this.#attempts = 0;
    this.#connectedMs = Number.POSITIVE_INFINITY;
    this.#attempts += 1;
    // biome-ignore lint/plugin: how long to wait is no result
    const wait = Math.min(delayMaxMs, delayMinMs * 2 ** (this.#attempts - 1));
    const delayMs = Math.max(Math.min(least, retryMsMax), wait * (0.5 + Math.random() / 2));
    const waitedMs = performance.now() - this.#startMs;
    if (signal.aborted) return;
    if (!this.#hasStood && waitedMs + delayMs > waitMs) {
      throw new SourceError(`nothing at ${this.#url} in ${waitMs / 1000} s: ${reason}`);
    }
    if (this.#attempts > attemptsMax) {
      throw new SourceError(`gave up ${this.#url} after ${attemptsMax} attempts: ${reason}`);
    }
    const message = this.#hasStood
      ? `lost ${this.#url}, seeking it again: ${reason}`
      : `waiting for ${this.#url}: ${reason}`;
    events?.next({ kind: this.#hasStood ? 'lost' : 'waiting', message });
    await sleep(delayMs, signal);
  }
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });

/** Why a request or a socket failed, as far as the system says: `fetch` hides it in the cause. */
export const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  const { code } = cause ?? {};
  // A code of the library that fetch is made of says less than its message.
  return (code?.startsWith('UND_') ? undefined : code) ?? cause?.message ?? message;
};
