import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Observable } from 'rxjs';
import { checkCsvOptions } from '../../../sources/csv/csv-options.ts';
import { decoded } from '../../../sources/decoded.ts';
import type { Example } from '../../../sources/example.ts';
import { exampleFromJson } from '../../../sources/json-lines.ts';
import { chainBytes, recordBatches } from '../../../sources/record-batches.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { abortable } from '../../../stream/abortable.ts';
import { type Line, LineSplitter } from '../../../stream/lines.ts';
import { paceBatches } from '../../../stream/pace.ts';
import { SampleError } from '../../../stream/rejection.ts';
import { bytesOf } from '../files/bytes.ts';
import type { CsvFileOptions } from '../files/files.ts';
import { headBytesOf, isHead, ReadHead } from '../files/read-head.ts';
import type { Beginning, Place } from '../place.ts';
import { checkRetry, Retry, type RetryOptions, reasonOf } from './retry.ts';

/** One event of a server-sent stream, with the number of the line it ended on. */
interface ServerSentEvent {
  readonly data: string;
  readonly id: string | undefined;
  /** Counted from the beginning of its connection. */
  readonly line: number;
  /** Its data were longer than allowed, and are not here. */
  readonly isTooLong: boolean;
}

/** The largest data of an event, in characters. */
const dataLengthMax = 1 << 20;

/** The longest id, in UTF-16 units: it is sent as a header with each reconnection. */
const idLengthMax = 1_024;

/**
 * Whether an id can be given back to its server in the header `Last-Event-ID`. No header can hold control
 * characters, and servers refuse long ones: a connection with such an id could never be made again.
 */
const isHeader = (id: string): boolean =>
  id.length <= idLengthMax && !/[^\P{Cc}\t\u0080-\u009F]/u.test(id);

/** What outlives a connection: the last id, and how long the server wishes to be left alone. */
type EventStreamPosition = Pick<EventStreamReader, 'lastId' | 'retryMs'>;

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

/** Options of {@link fromHttp}. */
export interface FromHttpOptions extends CsvFileOptions, RetryOptions {
  /** Of the request, such as an authorization. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Stores the offset, and provides the one to resume from. Default: from the start. */
  readonly place?: Place;
}

/**
 * A stream of what an address gives: server-sent events whose data are JSON records, or lines of
 * JSON, or CSV, gzipped or not. It reconnects: an event stream from the id of the last event that was
 * complete (what that means is the server's affair), lines from their beginning if they broke off, so
 * that rows may come twice. The line of a rejection is counted from the beginning of its connection.
 */
export const fromHttp = (url: string, options: FromHttpOptions = {}): Observable<Example> => {
  checkRetry(options);
  checkCsvOptions(options);
  return paceBatches(
    abortable((signal) => read(url, options, signal)),
    (examples) => examples,
    options,
  );
};

const read = async function* (
  url: string,
  options: FromHttpOptions,
  signal: AbortSignal,
): AsyncGenerator<Iterable<Example>, undefined> {
  const retry = new Retry(url, options);
  const after = options.place?.since?.['after'];
  let events = new EventStreamReader({ lastId: after?.toString(), retryMs: 0 });
  let bytesMost = 0;
  // Rows begin anew with each connection: only what none before has brought is new.
  const brought = (bytes: number): void => {
    if (bytes <= bytesMost) return;
    bytesMost = bytes;
    retry.progressed();
  };
  while (!signal.aborted) {
    // What the connection before has left unfinished is none of this one's.
    events = new EventStreamReader(events);
    const asked = events.lastId;
    let reason = 'the server ended the stream';
    try {
      const response = await open(url, { ...options, signal, events });
      retry.connected();
      // A server without further events that asks for no reconnection (HTML Living Standard, 9.2.3).
      if (response.status === noContent) return;
      if (!isEventStream(response)) {
        yield* readRows({ url, response, brought }, options);
        return;
      }
      for await (const batch of readEvents(response, events, options)) {
        // Events with the requested id are those that had arrived: the server repeats them.
        const isNew = asked === undefined || events.lastId !== asked;
        if (batch.count > 0 && isNew) retry.progressed();
        yield batch.examples;
      }
    } catch (error) {
      if (error instanceof SourceError) throw error;
      reason = reasonOf(error);
    }
    await retry.failed(reason, signal, events.retryMs);
  }
};

const noContent = 204;

interface OpenOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly events: EventStreamReader;
}

const open = async (url: string, { headers, signal, events }: OpenOptions): Promise<Response> => {
  const response = await fetch(url, {
    signal,
    headers: {
      Accept: 'text/event-stream, application/x-ndjson, text/csv;q=0.9, */*;q=0.5',
      ...(events.lastId && isHeader(events.lastId) && { 'Last-Event-ID': headerOf(events.lastId) }),
      ...headers,
    },
  });
  const isBody = response.body !== null || response.status === noContent;
  if (response.ok && isBody) return response;
  await response.body?.cancel();
  const what = `${url} answers ${response.status} ${response.statusText}`.trim();
  // Another time it may answer otherwise.
  if (response.status >= 500 || [408, 425, 429].includes(response.status)) throw new Error(what);
  throw new SourceError(what);
};

/** The bytes of UTF-8, as the standard has it: a header is made of characters that are one byte each. */
const headerOf = (id: string): string => Buffer.from(id).toString('latin1');

const isEventStream = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('text/event-stream') ?? false;

const bodyOf = ({ body }: Response): Readable => Readable.fromWeb(body as ReadableStream);

const readEvents = async function* (
  response: Response,
  reader: EventStreamReader,
  options: FromHttpOptions,
): AsyncGenerator<{ readonly count: number; readonly examples: Iterable<Example> }> {
  for await (const text of decoded(bytesOf(bodyOf(response)))) {
    const events = reader.push(text);
    yield { count: events.length, examples: examplesOf(events, options) };
  }
};

const examplesOf = function* (
  events: readonly ServerSentEvent[],
  options: FromHttpOptions,
): Generator<Example> {
  const { place, rejected } = options;
  for (const event of events) {
    const { id } = event;
    const beginning = id === undefined ? undefined : () => ({ after: id });
    try {
      const example = exampleOf(event, options);
      if (beginning) place?.begin(beginning, 1);
      yield example;
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      rejected?.next(error.at(event.line, { id }, event.data));
      if (beginning) place?.begin(beginning);
    }
  }
};

const exampleOf = ({ data, id, isTooLong }: ServerSentEvent, options: FromHttpOptions): Example => {
  if (isTooLong) throw new SampleError('parse', 'too long');
  const example = exampleFromJson(data, options);
  return id === undefined || example.id !== undefined ? example : { id, ...example };
};

interface Rows {
  readonly url: string;
  readonly response: Response;
  /** Told how many bytes this connection has brought. */
  readonly brought: (bytes: number) => void;
}

/** What breaks off is an error of the connection, and is tried again. */
const readRows = async function* (
  { url, response, brought }: Rows,
  options: FromHttpOptions,
): AsyncGenerator<Iterable<Example>> {
  const { progress, place, events } = options;
  const head = new ReadHead();
  const pieces = watched(bytesOf(bodyOf(response), { progress }), { head, brought });
  const since = place?.since;
  const first = await firstBytes(pieces, headBytesOf(since));
  const beginning = (): Beginning => head.mark;
  if (isHead(first, since)) place?.repeat(beginning);
  else {
    if (since)
      events?.next({ kind: 'restarted', message: `${url} gives other rows: it begins anew` });
    place?.begin(beginning);
  }
  const encoding = options.encoding ?? charsetOf(response);
  yield* recordBatches(
    { name: url, bytes: chainBytes(first, pieces) },
    { ...options, ...(encoding !== undefined && { encoding }) },
  );
};

/** The charset that a response states, where it is a known one other than UTF-8. */
const charsetOf = ({ headers }: Response): string | undefined => {
  const [, label = 'utf-8'] =
    /;\s*charset="?([^";\s]+)/i.exec(headers.get('content-type') ?? '') ?? [];
  try {
    const { encoding } = new TextDecoder(label);
    return encoding === 'utf-8' ? undefined : encoding;
  } catch {
    return undefined;
  }
};

/** At least `count` bytes, if there are as many. */
const firstBytes = async (pieces: AsyncIterator<Uint8Array>, count: number): Promise<Buffer> => {
  let bytes = Buffer.alloc(0);
  while (bytes.length < count) {
    const { done, value } = await pieces.next();
    if (done) break;
    bytes = Buffer.concat([bytes, value]);
  }
  return bytes;
};

const watched = async function* (
  pieces: AsyncIterable<Uint8Array>,
  { head, brought }: { readonly head: ReadHead; readonly brought: Rows['brought'] },
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    head.add(piece);
    bytes += piece.length;
    brought(bytes);
    yield piece;
  }
};
