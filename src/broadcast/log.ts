/** One entry of a log: its number, when it was written, and its JSON without `t`, `sid`, `seq`, `at`. */
export interface LogEntry {
  readonly seq: number;
  readonly at: number;
  /** The JSON of the rest, beginning with a comma, such as `,"step":7,"kind":"drift"}`. */
  readonly rest: string;
  /** What went out last: most subscribers get the very same. */
  whole?: { readonly sid: number; readonly text: string };
}

/** How much a {@link Log} keeps. */
export interface LogOptions {
  readonly entriesMax: number;
  readonly ageMaxMs: number;
  /** The number after which it goes on, where it continues another. Default 0. */
  readonly last?: number;
}

/**
 * A log that all subscribers share: a ring of the newest entries, numbered without gaps.
 * A subscriber is a number, the next entry that it wants.
 */
export class Log {
  readonly #options: LogOptions;
  readonly #entries: LogEntry[] = [];
  #start = 0;
  #last: number;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#last = options.last ?? 0;
  }

  /** The number of the newest entry; 0 when there was none. */
  get last(): number {
    return this.#last;
  }

  /** The number of the oldest entry that is still there; `last + 1` when there is none. */
  get first(): number {
    return this.#last - (this.#entries.length - this.#start) + 1;
  }

  append(at: number, fields: object): void {
    this.#last += 1;
    this.#entries.push({ seq: this.#last, at, rest: `,${JSON.stringify(fields).slice(1)}` });
    if (this.#entries.length - this.#start > this.#options.entriesMax) this.#start += 1;
    this.forget(at);
  }

  /** Lets go of what is too old. */
  forget(now: number): void {
    const entries = this.#entries;
    while (
      this.#start < entries.length &&
      now - entries[this.#start]!.at > this.#options.ageMaxMs
    ) {
      this.#start += 1;
    }
    // Cut in stretches: shifting the array for each entry would move all the others.
    if (this.#start > this.#options.entriesMax) {
      entries.splice(0, this.#start);
      this.#start = 0;
    }
  }

  /** The entry of that number, as long as it is there. */
  get(seq: number): LogEntry | undefined {
    return seq < this.first ? undefined : this.#entries[this.#start + seq - this.first];
  }
}
