import { type Line, LineSplitter } from '../../../stream/lines.ts';

/** One event of a server-sent stream, with the number of the line it ended on. */
export interface ServerSentEvent {
  readonly data: string;
  readonly id: string | undefined;
  /** Counted from the beginning of its connection. */
  readonly line: number;
  /** Its data were longer than allowed, and are not here. */
  readonly isTooLong: boolean;
}

/** The data of an event may be so many characters long. */
const dataLengthMax = 1 << 20;

/** An id may be so many UTF-16 units long: it is sent as a header with each reconnection. */
const idLengthMax = 1_024;

/**
 * Whether an id can be given back to its server in the header `Last-Event-ID`. No header can hold control
 * characters, and servers refuse long ones: a connection with such an id could never be made again.
 */
export const isHeader = (id: string): boolean =>
  id.length <= idLengthMax && !/[^\P{Cc}\t\u0080-\u009F]/u.test(id);

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
  #dataLength = 0;
  #isTooLong = false;
  #isAfterCr = false;

  /** Goes on where the connection before it ended. Default: there was none. */
  constructor({ lastId, retryMs }: EventStreamPosition = { lastId: undefined, retryMs: 0 }) {
    this.lastId = lastId;
    this.retryMs = retryMs;
    this.#id = lastId;
  }

  /** Takes more text. Returns the events that are complete now. */
  push(text: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    for (const line of this.#splitter.push(this.#withLf(text))) {
      if (line.text === '') this.#complete(line, events);
      else this.#field(line);
    }
    return events;
  }

  /** A lone CR ends a line too; that of a CR LF may come with another piece. */
  #withLf(text: string): string {
    const rest = this.#isAfterCr && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#isAfterCr = text.endsWith('\r');
    return rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest;
  }

  #field({ text }: Line): void {
    if (text === undefined) {
      this.#isTooLong = true;
      return;
    }
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(text)!;
    if (name === 'data') this.#add(value);
    else if (name === 'id' && isHeader(value)) this.#id = value;
    else if (name === 'retry' && /^\d{1,8}$/.test(value)) this.retryMs = Number(value);
  }

  #add(value: string): void {
    // With its line break: lines without data are lines, too.
    this.#dataLength += value.length + 1;
    this.#isTooLong ||= this.#dataLength > dataLengthMax;
    if (this.#isTooLong) this.#data = [];
    else this.#data.push(value);
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
    this.#dataLength = 0;
    this.#isTooLong = false;
  }
}
