import { closeCodes } from './close-codes.ts';
import type { Log, LogEntry } from './log.ts';
import type { Outlet } from './outlet.ts';

/** What a {@link LogSubscription} is made of. */
export interface LogSubscriptionOptions {
  readonly sid: number;
  readonly topic: 'events' | 'errors';
  readonly log: Log;
  readonly outlet: Outlet;
  /** The number of the first entry that it wants. */
  readonly from: number;
  /** What happens when the log has forgotten what it wants. Default `reset`. */
  readonly onLag?: 'reset' | 'close' | undefined;
}

/** One subscriber of a log: a cursor. It gets every entry once, in order, or is told what it missed. */
export class LogSubscription {
  readonly sid: number;
  readonly isIdle = true;
  readonly #options: LogSubscriptionOptions;
  #next: number;
  #lags = 0;

  constructor(options: LogSubscriptionOptions) {
    this.sid = options.sid;
    this.#options = options;
    this.#next = options.from;
  }

  /** How often the log went on without it. */
  get lags(): number {
    return this.#lags;
  }

  /** Whether there is something that it has not been sent. */
  get isBehind(): boolean {
    return this.#next <= this.#options.log.last;
  }

  /** Sends on, as far as there is room. */
  offer(): void {
    const { log, outlet } = this.#options;
    while (this.isBehind && !outlet.isClosed) {
      if (this.#next < log.first) {
        if (!this.#lag(log.first - this.#next)) return;
        continue;
      }
      const text = this.#text(log.get(this.#next)!);
      if (!outlet.hasRoom(text.length)) return;
      this.#next += 1;
      outlet.push(text);
    }
  }

  /** An acknowledgement means nothing here: what is written to the socket is done. */
  acknowledged(): void {}

  close(): void {}

  #lag(missed: number): boolean {
    const { outlet, onLag = 'reset', log } = this.#options;
    this.#lags += 1;
    if (onLag === 'close') {
      outlet.close(closeCodes.lagged, `retryMs=500; missed ${missed} entries`);
      return false;
    }
    const text = JSON.stringify({ t: 'reset', sid: this.sid, missed, reason: 'lagged' });
    if (!outlet.hasRoom(text.length)) return false;
    this.#next = log.first;
    outlet.push(text);
    return true;
  }

  #text(entry: LogEntry): string {
    const { sid } = this;
    if (entry.whole?.sid !== sid) {
      const start = `{"t":"${this.#options.topic}","sid":${sid},"seq":${entry.seq},"at":${entry.at}`;
      entry.whole = { sid, text: start + entry.rest };
    }
    return entry.whole.text;
  }
}
