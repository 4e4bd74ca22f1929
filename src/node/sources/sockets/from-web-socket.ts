import { defer, Observable } from 'rxjs';
import { type RawData, WebSocket } from 'ws';
import type { Example } from '../../../sources/example.ts';
import { exampleFromJson } from '../../../sources/json-lines.ts';
import { parseJson } from '../../../sources/json-text.ts';
import { exampleFromRecord, type RecordOptions } from '../../../sources/record.ts';
import { type BoundedOptions, bounded } from '../../../stream/bounded.ts';
import { Governor } from '../../../stream/governor.ts';
import { heldBytes } from '../../../stream/held-bytes.ts';
import { checkPacer } from '../../../stream/pacer.ts';
import { type RejectionSink, SampleError } from '../../../stream/rejection.ts';
import { checkWaiting } from '../../../stream/waiting.ts';
import { checkRetry, Retry, type RetryOptions, reasonOf } from './retry.ts';

/** What is read from, or not. */
interface Pausable {
  pause(): void;
  resume(): void;
}

/**
 * Values on their way from a socket, which is not read while its governor is paused. What had been read
 * by then waits here: no more than the system gives at once, and one message.
 */
class Inflow<Value> {
  readonly #governor: Governor;
  readonly #take: (value: Value) => void;
  readonly #unwatch: () => void;
  #socket: Pausable | undefined;
  #isPaused = false;
  #values: Value[] = [];

  constructor(governor: Governor, take: (value: Value) => void) {
    this.#governor = governor;
    this.#take = take;
    this.#unwatch = governor.watch(() => this.#goOn());
  }

  /** From now on they come from this one. */
  connect(socket: Pausable): void {
    this.#socket = socket;
    this.#isPaused = false;
    this.#steer();
  }

  add(values: readonly Value[]): void {
    this.#values = this.#values.concat(values);
    this.#goOn();
  }

  /** Forgets what waits. */
  stop(): void {
    this.#unwatch();
    this.#values = [];
  }

  #goOn(): void {
    const values = this.#values;
    let taken = 0;
    // Whoever takes may pause it, and does not let go of it here: none comes twice.
    for (; taken < values.length && !this.#governor.isPaused; taken += 1)
      this.#take(values[taken]!);
    if (taken > 0) this.#values = values.slice(taken);
    this.#steer();
  }

  #steer(): void {
    const { isPaused } = this.#governor;
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#socket?.pause();
    else this.#socket?.resume();
  }
}

/** Options of {@link fromWebSocket}. */
export interface FromWebSocketOptions
  extends RecordOptions,
    RetryOptions,
    Omit<BoundedOptions, 'sourceGovernor'> {
  /** Headers of the request, such as an authorization. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent when the connection stands, such as a subscription. */
  readonly hello?: string;
  /** Receives messages that hold no sample. Default: they are left out. */
  readonly rejected?: RejectionSink;
}

/** The largest message, in bytes; a longer one is rejected. */
const messageBytesMax = 1 << 20;

/** One that is longer than this is not taken in: the connection ends. */
const payloadBytesMax = 1 << 24;

/**
 * A stream of the JSON records that a WebSocket sends, one a message or an array of them. A socket
 * does not wait, so there is a bounded buffer behind it; with the policy `block` it is not read while the
 * buffer is full, so that the server has to wait. It reconnects; what was sent meanwhile is lost.
 */
export const fromWebSocket = (
  url: string,
  options: FromWebSocketOptions = {},
): Observable<Example> => {
  checkPacer(options);
  checkRetry(options);
  checkWaiting({ ...options, sourceGovernor: new Governor() });
  return defer(() => {
    const sourceGovernor = new Governor();
    const buffer = { bytesOf: heldBytes, ...options, sourceGovernor };
    return received(url, options, sourceGovernor).pipe(bounded(buffer));
  });
};

/** What comes from one connection after the other, as long as the governor lets it. */
const received = (
  url: string,
  options: FromWebSocketOptions,
  governor: Governor,
): Observable<Example> =>
  new Observable((subscriber) => {
    const abort = new AbortController();
    const inflow = new Inflow<Example>(governor, (example) => subscriber.next(example));
    subscriber.add(() => {
      abort.abort();
      inflow.stop();
    });
    const retry = new Retry(url, options);
    const connectAgain = async (): Promise<void> => {
      while (!abort.signal.aborted) {
        const reason = await session(url, options, {
          signal: abort.signal,
          stands: () => retry.connected(),
          came: () => retry.progressed(),
          inflow,
        });
        if (!abort.signal.aborted) await retry.failed(reason, abort.signal);
      }
    };
    connectAgain().catch((error: unknown) => subscriber.error(error));
  });

interface SessionHandlers {
  readonly signal: AbortSignal;
  readonly stands: () => void;
  /** A message has come that holds an example. */
  readonly came: () => void;
  readonly inflow: Inflow<Example>;
}

/** One connection, from its beginning to its end; resolves with why it ended. */
const session = (
  url: string,
  options: FromWebSocketOptions,
  { signal, stands, came, inflow }: SessionHandlers,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      maxPayload: payloadBytesMax,
      handshakeTimeout: 10_000,
      headers: { ...options.headers },
    });
    let reason: string | undefined;
    const leave = (): void => socket.terminate();
    signal.addEventListener('abort', leave);
    socket.on('open', () => {
      stands();
      inflow.connect(socket);
      if (options.hello !== undefined) socket.send(options.hello);
    });
    socket.on('message', (data, isBinary) => {
      try {
        const examples = examplesOf(data, isBinary, options);
        if (examples.length > 0) came();
        inflow.add(examples);
      } catch (error) {
        // Thrown into the socket it would be an uncaught error: it ends the stream.
        reject(error);
        socket.terminate();
      }
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
    const bytes = data as Buffer;
    if (bytes.length > messageBytesMax) {
      const found = `a message of ${bytes.length} bytes`;
      throw new SampleError('parse', `${found}; ${messageBytesMax} are allowed`);
    }
    const text = bytes.toString();
    if (!text.trimStart().startsWith('[')) return [exampleFromJson(text, options)];
    const records = parseJson(text) as unknown[];
    return records.flatMap((record) => {
      try {
        return [exampleFromRecord(record, options)];
      } catch (error) {
        return refuse(error, { rejected, raw: record });
      }
    });
  } catch (error) {
    return refuse(error, { rejected, raw: String(data).slice(0, messageBytesMax) });
  }
};

const refuse = (
  error: unknown,
  { rejected, raw }: { rejected: RejectionSink | undefined; raw: unknown },
): [] => {
  if (!(error instanceof SampleError)) throw error;
  rejected?.next(error.at(0, undefined, raw));
  return [];
};
