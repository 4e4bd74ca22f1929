import type { Admin, Predict } from '../broadcast/client-messages.ts';
import type { Err, ErrorCode, Ok, Predicted } from '../broadcast/server-messages.ts';

/** The server refused a request. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  readonly code: ErrorCode;
  /** After how many ms it may go better; absent: it will not. */
  readonly retryMs: number | undefined;

  constructor({ code, message, retryMs }: Err) {
    super(message);
    this.code = code;
    this.retryMs = retryMs;
  }
}

/** What is asked once and answered once. */
export type Question = Predict | Admin;

interface Pending {
  readonly question: Question;
  readonly resolve: (answer: Predicted | Ok) => void;
  readonly reject: (error: Error) => void;
}

/** Questions that wait for their answers, over reconnections: asking again changes nothing. */
export class Questions {
  readonly #send: (question: Question) => void;
  readonly #pending = new Map<number, Pending>();

  constructor(send: (question: Question) => void) {
    this.#send = send;
  }

  ask(question: Question, signal?: AbortSignal): Promise<Predicted | Ok> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = (): void => {
        this.#pending.delete(question.id);
        reject(signal?.reason as Error);
      };
      const settled = (): void => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort, { once: true });
      this.#pending.set(question.id, {
        question,
        resolve: (answer) => {
          settled();
          resolve(answer);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      this.#send(question);
    });
  }

  /** Takes an answer; whether it was one to a question from here. */
  answered(answer: Predicted | Ok | Err): boolean {
    const pending = this.#pending.get(answer.id ?? -1);
    if (!pending) return false;
    this.#pending.delete(answer.id!);
    if (answer.t === 'err') pending.reject(new RequestFailed(answer));
    else pending.resolve(answer);
    return true;
  }

  /** Asks again, over a new connection, what has not been answered. */
  askAgain(): void {
    for (const { question } of this.#pending.values()) this.#send(question);
  }

  /** There will be no answers. */
  fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
