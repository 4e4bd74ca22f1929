import type { Request } from '../broadcast/client-messages.ts';
import type { Err, ErrorCode, ServerMessage } from '../broadcast/server-messages.ts';

/** The server refused a request. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  /** Why it was refused, for programs. */
  readonly code: ErrorCode;
  /** After how many ms it may go better; absent: it will not. */
  readonly retryMs: number | undefined;

  constructor({ code, message, retryMs }: Err) {
    super(message);
    this.code = code;
    this.retryMs = retryMs;
  }
}

/**
 * The connection was lost before an `admin` request was answered, and the server that is there now does
 * not know it: it may have been executed or not. It is not sent again by itself.
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';

  constructor(op: string) {
    super(`the connection was lost before the answer: ${op} may have been executed or not`);
  }
}

/** A request that is answered once, by a message of one type. */
export type Question = Exclude<Request, { t: 'sub' | 'ack' | 'unsub' | 'feed' }>;

/** A message of the server that answers a request. */
export type Reply = Extract<ServerMessage, { readonly id: number }>;

interface Pending {
  readonly question: Question;
  /** The type of the message that answers it. */
  readonly reply: Reply['t'];
  /** The instances of the server that it was sent to; undefined where one did not say its name. */
  readonly sentTo: Set<string | undefined>;
  readonly resolve: (answer: Reply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Questions that wait for their answers, over reconnections. To ask the model again changes nothing.
 * An `admin` request is executed at most once: it is sent again only to the instance of the server that
 * it was sent to, which knows it by its `once`.
 */
export class Questions {
  readonly #send: (question: Question) => boolean;
  readonly #pending = new Map<number, Pending>();
  #instance: string | undefined;

  /** `send` returns false when there is no connection. */
  constructor(send: (question: Question) => boolean) {
    this.#send = send;
  }

  /** Sends a question. Its answer is a message of the type `reply`. */
  ask<T extends Reply['t']>(
    question: Question,
    reply: T,
    signal?: AbortSignal,
  ): Promise<Extract<Reply, { t: T }>> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = (): void => {
        this.#pending.delete(question.id);
        reject(signal?.reason as Error);
      };
      const settled = (): void => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort, { once: true });
      const pending: Pending = {
        question,
        reply,
        sentTo: new Set(),
        resolve: (answer) => {
          settled();
          // Only an answer of that type comes here.
          resolve(answer as Extract<Reply, { t: T }>);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      this.#pending.set(question.id, pending);
      this.#sendTo(pending);
    });
  }

  /** Takes an answer; whether it was one to a question from here. */
  answered(answer: Reply | Err): boolean {
    const pending = this.#pending.get(answer.id ?? -1);
    if (!pending) return false;
    if (answer.t === 'err') pending.reject(new RequestFailed(answer));
    else if (answer.t === pending.reply) pending.resolve(answer);
    else return false;
    this.#pending.delete(pending.question.id);
    return true;
  }

  /** Asks again, over a new connection to this instance of the server, what has not been answered. */
  askAgain(instance: string | undefined): void {
    this.#instance = instance;
    for (const [id, pending] of this.#pending) {
      const { question, sentTo, reject } = pending;
      const isKnown = instance !== undefined && sentTo.has(instance);
      if (question.t !== 'admin' || sentTo.size === 0 || isKnown) this.#sendTo(pending);
      else {
        this.#pending.delete(id);
        reject(new OutcomeUnknown(question.op));
      }
    }
  }

  /** There will be no answers. */
  fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #sendTo({ question, sentTo }: Pending): void {
    if (this.#send(question)) sentTo.add(this.#instance);
  }
}
