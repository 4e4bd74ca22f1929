import { type Line, LineSplitter } from '../../stream/lines.ts';

/** One event of a server-sent stream, with the number of the line it ended on. */
export interface ServerSentEvent {
  readonly data: string;
  readonly id: string | undefined;
  readonly line: number;
  /** Its data were longer than allowed, and are not here. */
  readonly isTooLong: boolean;
}

/**
 * Reads a `text/event-stream` as it arrives (HTML Living Standard, 9.2). It remembers the last id and
 * the server's wish for the time before a reconnection.
 */
export class EventStreamReader {
  lastId: string | undefined;
  retryMs = 0;
  readonly #splitter = new LineSplitter();
  #data: string[] = [];
  #isTooLong = false;

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
    else if (name === 'id' && !value.includes('\0')) this.lastId = value;
    else if (name === 'retry' && /^\d{1,8}$/.test(value)) this.retryMs = Number(value);
  }

  #complete({ number }: Line, events: ServerSentEvent[]): void {
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
