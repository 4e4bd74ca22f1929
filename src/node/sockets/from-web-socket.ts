import { Observable } from 'rxjs';
import { type RawData, WebSocket } from 'ws';
import type { Example } from '../../sources/example.ts';
import { exampleFromJson } from '../../sources/json-lines.ts';
import { exampleFromRecord, type RecordOptions } from '../../sources/record.ts';
import { type BoundedOptions, bounded } from '../../stream/bounded.ts';
import { type RejectionSink, SampleError } from '../../stream/rejection.ts';
import { Retry, type RetryOptions, reasonOf } from './retry.ts';

/** Options of {@link fromWebSocket}. */
export interface FromWebSocketOptions extends RecordOptions, RetryOptions, BoundedOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent when the connection stands, such as a subscription. */
  readonly hello?: string;
  readonly rejected?: RejectionSink;
}

/** A message may be so many bytes long. */
const messageBytesMax = 1 << 20;

/**
 * A stream of the JSON records that a WebSocket sends, one a message or an array of them. A socket
 * does not wait, so there is a bounded buffer behind it. It reconnects; what was sent meanwhile is lost.
 */
export const fromWebSocket = (
  url: string,
  options: FromWebSocketOptions = {},
): Observable<Example> =>
  new Observable<Example>((subscriber) => {
    const abort = new AbortController();
    subscriber.add(() => abort.abort());
    const retry = new Retry(url, options);
    const connectAgain = async (): Promise<void> => {
      while (!abort.signal.aborted) {
        const reason = await session(url, options, {
          signal: abort.signal,
          stands: () => retry.succeeded(),
          example: (example) => subscriber.next(example),
        });
        if (!abort.signal.aborted) await retry.failed(reason, abort.signal);
      }
    };
    connectAgain().catch((error: unknown) => subscriber.error(error));
  }).pipe(bounded(options));

interface SessionHandlers {
  readonly signal: AbortSignal;
  readonly stands: () => void;
  readonly example: (example: Example) => void;
}

/** One connection, from its beginning to its end; resolves with why it ended. */
const session = (
  url: string,
  options: FromWebSocketOptions,
  { signal, stands, example }: SessionHandlers,
): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, {
      maxPayload: messageBytesMax,
      handshakeTimeout: 10_000,
      headers: { ...options.headers },
    });
    let reason: string | undefined;
    const leave = (): void => socket.terminate();
    signal.addEventListener('abort', leave);
    socket.on('open', () => {
      stands();
      if (options.hello !== undefined) socket.send(options.hello);
    });
    socket.on('message', (data, isBinary) => {
      for (const found of examplesOf(data, isBinary, options)) example(found);
    });
    socket.on('error', (error) => {
      reason = reasonOf(error);
    });
    socket.on('close', (code) => {
      signal.removeEventListener('abort', leave);
      resolve(reason ?? `closed with ${code}`);
    });
  });

const examplesOf = (
  data: RawData,
  isBinary: boolean,
  { rejected, ...options }: FromWebSocketOptions,
): Example[] => {
  try {
    if (isBinary) throw new SampleError('parse', 'a binary message');
    const text = (data as Buffer).toString();
    if (!text.trimStart().startsWith('[')) return [exampleFromJson(text, options)];
    return recordsOf(text).flatMap((record) => {
      try {
        return [exampleFromRecord(record, options)];
      } catch (error) {
        return reject(error, rejected);
      }
    });
  } catch (error) {
    return reject(error, rejected);
  }
};

const recordsOf = (text: string): unknown[] => {
  try {
    return JSON.parse(text) as unknown[];
  } catch (error) {
    throw new SampleError('parse', `not JSON: ${(error as Error).message}`);
  }
};

const reject = (error: unknown, rejected: RejectionSink | undefined): [] => {
  if (!(error instanceof SampleError)) throw error;
  rejected?.next(error.at(0, undefined));
  return [];
};
