import type { Rejection } from '../stream/rejection.ts';
import type { Limits } from './limits.ts';
import type { Log } from './log.ts';
import { TokenBucket } from './token-bucket.ts';

/** The log of refused samples: more than so many a second are counted, not told one by one. */
export class RejectionLog {
  readonly log: Log;
  readonly #budget: TokenBucket;
  #suppressed = 0;

  constructor({ errorsPerSecond }: Limits, log: Log, now: number) {
    this.log = log;
    this.#budget = new TokenBucket(errorsPerSecond, now);
  }

  reject({ code, reason, index, id }: Rejection, now: number): void {
    if (!this.#budget.take(now)) {
      this.#suppressed += 1;
      return;
    }
    const name = id === undefined ? {} : { id };
    const suppressed = this.#suppressed;
    this.#suppressed = 0;
    this.log.append(now, { index, ...name, code, message: reason, suppressed });
  }
}
