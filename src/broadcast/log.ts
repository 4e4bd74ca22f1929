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
  /** Memory of the entries, in bytes. */
  readonly bytesMax: number;
  /** Characters of one text in an entry; an object may have 16 times as many. */
  readonly textMax: number;
  readonly ageMaxMs: number;
  /** How many of the newest entries stay however old they are. */
  readonly agelessCount: number;
  /** The number of the last entry of the log that it continues. Default 0. */
  readonly last?: number;
}

/**
 * A log that all subscribers share: a ring of the newest entries, numbered without gaps.
 * A subscriber is a number, the next entry that it wants.
 */
export class Log {
  readonly #options: LogOptions;
  readonly #entries: (LogEntry | undefined)[] = [];
  #start = 0;
  #bytes = 0;
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
    const { entriesMax, bytesMax, textMax } = this.#options;
    this.#last += 1;
    const entry = {
      seq: this.#last,
      at,
      rest: `,${JSON.stringify(cut(fields, textMax)).slice(1)}`,
    };
    this.#entries.push(entry);
    this.#bytes += bytesOf(entry);
    while (this.#entries.length - this.#start > entriesMax || this.#bytes > bytesMax) this.#drop();
    this.forget(at);
  }

  /** Lets go of what is too old. */
  forget(now: number): void {
    const entries = this.#entries;
    const { ageMaxMs, agelessCount, entriesMax } = this.#options;
    while (
      entries.length - this.#start > agelessCount &&
      now - entries[this.#start]!.at > ageMaxMs
    ) {
      this.#drop();
    }
    // Cut in stretches: shifting the array for each entry would move all the others.
    if (this.#start > entriesMax) {
      entries.splice(0, this.#start);
      this.#start = 0;
    }
  }

  /** The entry of that number, as long as it is there. */
  get(seq: number): LogEntry | undefined {
    return seq < this.first ? undefined : this.#entries[this.#start + seq - this.first];
  }
  #drop(): void {
    this.#bytes -= bytesOf(this.#entries[this.#start]!);
    this.#entries[this.#start] = undefined;
    this.#start += 1;
  }
}

/** What is sent of it is nearly as long, and is kept as well. */
const bytesOf = ({ rest }: LogEntry): number => 128 + 4 * rest.length;

/** How many times as long as a text an object may be. */
const objectFactor = 16;

/** The fields with what is too long cut off: texts of an entry come from outside. */
const cut = (fields: object, textMax: number): object =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name,
      cutValue(value, textMax),
    ]),
  );

const cutValue = (value: unknown, textMax: number): unknown => {
  if (typeof value === 'string') {
    return value.length > textMax ? `${value.slice(0, textMax)}…` : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const { length } = JSON.stringify(value);
  return length > objectFactor * textMax ? { omitted: `${length} characters of JSON` } : value;
};
