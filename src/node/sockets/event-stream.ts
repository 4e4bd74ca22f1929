import { type Line, LineSplitter } from '../../stream/lines.ts';

/** One event of a server-sent stream, with the number of the line it ended on. */
export interface ServerSentEvent {
  readonly data: string;
  readonly id: string | undefined;
  /** Counted from the beginning of its connection. */
  readonly line: number;
  /** Its data were longer than allowed, and are not here. */
  readonly isTooLong: boolean;
}

/** What outlives a connection: the last id, and how long the server wishes to be left alone. */
export type EventStreamPosition = Pick<EventStreamReader, 'lastId' | 'retryMs'>;

/**
 * Reads the `text/event-stream` of one connection as it arrives (HTML Living Standard, 9.2). An event
 * is there, and its id the last, when its blank line has come: what a connection that breaks leaves
 * unfinished is thrown away, and is what the next one asks for.
 */
export class EventStreamReader {
  /** Of the last event that is complete. */
  lastId: string | undefined;
  /** What the server wishes for the time before a reconnection. */
  retryMs: number;
  readonly #splitter = new LineSplitter();
  // An event without an id has that of the event before it, which may have come over another connection.
  #id: string | undefined;
  #data: string[] = [];
  #isTooLong = false;

  /** Goes on where the connection before it ended. Default: there was none. */
  constructor({ lastId, retryMs }: EventStreamPosition = { lastId: undefined, retryMs: 0 }) {
    this.lastId = lastId;
    this.retryMs = retryMs;
    this.#id = lastId;
  }

  /** Takes more text. Returns the events that are complete now. */
  push(text: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    for (const line of this.#splitter.push(text)) {
      if (line.text === '') this.#complete(line, events);
      else this.#field(line);
    }
    return events;
  }

  #field({ text }: Line): void {
    if (text === undefined) {
      this.#isTooLong = true;
      return;
    }
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(text)!;
    if (name === 'data') this.#data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^\d{1,8}$/.test(value)) this.retryMs = Number(value);
  }

  #complete({ number }: Line, events: ServerSentEvent[]): void {
    this.lastId = this.#id;
    if (this.#data.length > 0 || this.#isTooLong) {
      events.push({
        data: this.#data.join('\n'),
        id: this.lastId,
        line: number,
        isTooLong: this.#isTooLong,
      });
    }
    this.#data = [];
    this.#isTooLong = false;
  }
}
