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
    const last = this.#accepted.get(producer) ?? this.learned.get(producer);
    refuseGap(last, first);
    // Somebody new may begin anywhere; from there on nothing may be missing.
    if (last === undefined) rememberLast(this.learned, producer, first - 1);
    const upTo = first + count - 1;
    rememberLast(this.#accepted, producer, Math.max(upTo, last ?? 0));
    const dup = last === undefined ? 0 : Math.min(count, Math.max(0, last - first + 1));
    return { dup, upTo };
  }

  /** Throws a `gap` when what came before this batch was not learned after all. */
  expect(producer: string, first: number): void {
    refuseGap(this.learned.get(producer), first);
  }

  /** These have been learned, or refused for good. */
  learn(producer: string, upTo: number): void {
    rememberLast(this.learned, producer, Math.max(upTo, this.learned.get(producer) ?? 0));
  }

  /** What was accepted after the last that was learned will not be: it is to be sent again. */
  fail(producer: string): void {
    this.#accepted.delete(producer);
  }
}

const refuseGap = (last: number | undefined, first: number): void => {
  if (last === undefined || first <= last + 1) return;
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
