import { RequestError } from './request-error.ts';

/** How many producers are remembered. */
const producersMax = 10_000;

/** A batch, as far as it has not been seen before. */
export interface Numbered {
  /** How many at its beginning had been accepted before. */
  readonly dup: number;
  /** The last number of the batch. */
  readonly upTo: number;
}

/** Who has sent how far: makes a retry harmless, and a hole visible. */
export class Producers {
  /** What has been learned: what a checkpoint keeps. */
  readonly learned: Map<string, number>;
  /** What has been accepted and may not be learned yet. */
  readonly #accepted = new Map<string, number>();

  constructor(learned = new Map<string, number>()) {
    this.learned = learned;
  }

  /** Takes a batch by its numbers; throws a `gap` when some before it are missing. */
  accept(producer: string, first: number, count: number): Numbered {
    const last = this.#accepted.get(producer) ?? this.#lastLearned(producer);
    refuseGap(last, first);
    const upTo = first + count - 1;
    rememberLast(this.#accepted, producer, Math.max(upTo, last));
    return { dup: seenBefore(last, first, count), upTo };
  }

  /**
   * How many of a batch have been learned, now that its turn has come: a retry may have been accepted
   * while what it repeats waited, and failed. Throws a `gap` when what came before was not learned.
   */
  expect(producer: string, first: number, count: number): number {
    const last = this.#lastLearned(producer);
    refuseGap(last, first);
    return seenBefore(last, first, count);
  }

  /** These have been learned, or refused for good. */
  learn(producer: string, upTo: number): void {
    rememberLast(this.learned, producer, Math.max(upTo, this.#lastLearned(producer)));
  }

  /** What was accepted after the last that was learned will not be: it is to be sent again. */
  fail(producer: string): void {
    this.#accepted.delete(producer);
  }

  // Of somebody unknown nothing has arrived. If he could begin anywhere, what was refused for now
  // would be missing without a word, when what was sent after it is accepted.
  #lastLearned(producer: string): number {
    return this.learned.get(producer) ?? 0;
  }
}

const seenBefore = (last: number, first: number, count: number): number =>
  Math.min(count, Math.max(0, last - first + 1));

const refuseGap = (last: number, first: number): void => {
  if (first <= last + 1) return;
  throw new RequestError('gap', `expected number ${last + 1}, got ${first}`, { upTo: last });
};

/** Keeps the last number of a producer; the one that was silent longest is forgotten. */
export const rememberLast = (
  numbers: Map<string, number>,
  producer: string,
  last: number,
): void => {
  // The newest is last, so that the first is the one to forget.
  numbers.delete(producer);
  numbers.set(producer, last);
  if (numbers.size <= producersMax) return;
  const [oldest] = numbers.keys();
  numbers.delete(oldest!);
};
