import type { FeedEnvelope } from './client-messages.ts';
import { closeCodes } from './close-codes.ts';
import type { Outlet } from './outlet.ts';
import { PendingBytes } from './pending-bytes.ts';
import { asRequestError, RequestError } from './request-error.ts';
import type { ServerMessage } from './server-messages.ts';
import type { AcceptedBatch, Service } from './service.ts';

/** How long a refusal for want of credit is remembered, in ms. */
const busyMs = 10_000;

/** How often a client may go over its credit in that time. */
const busyMax = 3;

/** The `retryMs` of an answer to a client without credit. */
const creditRetryMs = 100;

/** A question of a client, and how the model answers it. */
export interface BoundQuestion {
  /** The `t` of the answer. */
  readonly reply: ServerMessage['t'];
  /** Whether it carries rows. */
  readonly isBulk: boolean;
  answer(service: Service): object | Promise<object>;
}

/** A batch that is answered when it is learned, or durable. */
interface PendingFeed {
  readonly batch: AcceptedBatch;
  readonly learned: AcceptedBatch['outcome'];
  readonly isDurable: boolean;
}

/** What one connection asks for and waits for: predictions, learning, steering. */
export class Requests {
  readonly #service: Service;
  readonly #outlet: Outlet;
  readonly #ids = new Set<number>();
  #predicts = 0;
  /** Samples that were accepted and not learned. */
  #outstanding = 0;
  /** Those of them that the client knows of. */
  #unasked = 0;
  /** The memory of samples that were accepted and not answered. */
  readonly #feedBytes: PendingBytes;
  #busy: number[] = [];

  constructor(service: Service, outlet: Outlet) {
    this.#service = service;
    this.#outlet = outlet;
    this.#feedBytes = new PendingBytes(outlet.limits.feedCreditBytes);
  }

  /** Answers a question once, with a message of that type. */
  answer(id: number, question: BoundQuestion): void {
    const { reply, isBulk } = question;
    this.#run(id, async () => {
      const release = isBulk ? this.#takeBulk() : undefined;
      try {
        const answered = await question.answer(this.#service);
        this.#outlet.reply({ t: reply, id, ...answered } as ServerMessage);
      } finally {
        release?.();
      }
    });
  }

  feed({ id, ...message }: FeedEnvelope): void {
    this.#run(id, () => {
      const { feedCredit } = this.#outlet.limits;
      const batch = this.#accept(message);
      this.#outstanding += batch.count;
      const release = this.#feedBytes.add(batch.bytes);
      const learned = batch.outcome.finally(() => {
        this.#outstanding -= batch.count;
      });
      // Without credit left even `accepted` waits: else nothing would tell when there is some again.
      if (message.ack === 'accepted' && this.#outstanding < feedCredit) {
        this.#unasked += batch.count;
        // What becomes of it is no longer asked for.
        learned
          .catch(() => {})
          .finally(() => {
            this.#unasked -= batch.count;
            release();
          });
        this.#fed(id, batch);
        return Promise.resolve();
      }
      // Without the samples in reach: an answer may wait for a checkpoint long after they are learned.
      const isDurable = message.ack === 'durable';
      return this.#answerFed(id, { batch, learned, isDurable }).finally(release);
    });
  }

  /** Questions with rows have a limit of their own. Returns what ends one. */
  #takeBulk(): () => void {
    const { predictsInFlight } = this.#outlet.limits;
    if (this.#predicts >= predictsInFlight) {
      throw new RequestError('limit', `at most ${predictsInFlight} at once`, { retryMs: 50 });
    }
    this.#predicts += 1;
    return () => {
      this.#predicts -= 1;
    };
  }

  /** Accepts samples. Throws if they cannot be accepted, now or ever. */
  #accept(message: Omit<FeedEnvelope, 'id'>): AcceptedBatch {
    const { feedBatch, feedCredit } = this.#outlet.limits;
    const isOverCredit = this.#outstanding + message.samples.length > feedCredit;
    // A message that is too large never gets a credit: the service says so.
    if (isOverCredit && message.samples.length <= feedBatch) this.#overloaded();
    return this.#service.feed(message, this.#feedBytes);
  }

  async #answerFed(id: number, { batch, learned, isDurable }: PendingFeed): Promise<void> {
    const outcome = await learned;
    await (isDurable ? this.#service.saved() : this.#service.logged());
    this.#fed(id, batch, outcome);
  }

  #fed(
    id: number,
    { dup, upTo }: AcceptedBatch,
    { step, rejected }: Awaited<AcceptedBatch['outcome']> = {
      step: this.#service.step,
      rejected: [],
    },
  ): void {
    const credit = Math.max(0, this.#outlet.limits.feedCredit - this.#unasked);
    const number = upTo === undefined ? {} : { upTo };
    this.#outlet.reply({ t: 'fed', id, ...number, dup, rejected: [...rejected], step, credit });
  }

  #run(id: number, request: () => Promise<void>): void {
    if (this.#ids.has(id)) {
      this.#outlet.close(closeCodes.idInUse, `id ${id} is in use`);
      return;
    }
    const { requestsInFlight } = this.#outlet.limits;
    if (this.#ids.size >= requestsInFlight) {
      const message = `at most ${requestsInFlight} requests at once`;
      this.#outlet.reply({ t: 'err', id, code: 'busy', message, retryMs: 100 });
      return;
    }
    this.#ids.add(id);
    started(request)
      .catch((error: unknown) => {
        const { code, message, detail } = asRequestError(error);
        this.#outlet.reply({ t: 'err', id, code, message, ...detail });
      })
      .finally(() => this.#ids.delete(id));
  }

  #overloaded(): never {
    const now = this.#outlet.clock.now();
    this.#busy = [...this.#busy.filter((at) => now - at < busyMs), now];
    const retryMs = creditRetryMs;
    if (this.#busy.length >= busyMax) {
      this.#outlet.close(closeCodes.overloaded, `retryMs=1000; the credit was exceeded`);
    }
    throw new RequestError('busy', 'no credit is left', { retryMs });
  }
}

/** What is thrown before anything has been awaited is a rejection as well. */
const started = (request: () => Promise<void>): Promise<void> => {
  try {
    return request();
  } catch (error) {
    return Promise.reject(error as Error);
  }
};
