import { createInterface } from 'node:readline';
import { InvalidSample } from '../../broadcast/fed-sample.ts';
import type { FeedOutcome } from '../../broadcast/model.ts';
import { asRequestError, RequestError } from '../../broadcast/request-error.ts';
import type { Service } from '../../broadcast/service.ts';
import {
  asHttpError,
  type Exchange,
  HttpError,
  queriedService,
  type Route,
  sendJson,
} from './route.ts';

/** The refused samples that an answer names one by one. */
const rejectedMax = 1_000;

/** What a feeder is told. */
interface FeedAnswer {
  /** How many of the first lines were taken. */
  accepted: number;
  dup: number;
  rejected: FeedOutcome['rejected'][number][];
  step: number;
  upTo?: number;
}

/** How the samples are numbered, and when it is answered. */
interface FeedQuery {
  readonly producer: string | undefined;
  readonly first: number;
  readonly ack: 'accepted' | 'learned' | 'durable';
}

/** `POST /v1/feed`: learns from NDJSON, a sample a line. */
export const feedRoute: Route = {
  method: 'POST',
  path: /^\/v1\/feed$/,
  role: 'feed',
  async handle(exchange) {
    const service = queriedService(exchange);
    const query = feedQuery(exchange.url);
    const answer: FeedAnswer = {
      accepted: 0,
      dup: 0,
      rejected: [],
      step: service.step,
    };
    try {
      for await (const batch of batches(exchange)) await take(service, { batch, query, answer });
      if (query.ack === 'durable') await service.saved();
    } catch (error) {
      refuse(exchange, answer, error);
      return;
    }
    sendJson(exchange.response, answer);
  },
};

const feedQuery = ({ searchParams }: URL): FeedQuery => {
  const ack = searchParams.get('ack') ?? 'learned';
  if (ack !== 'accepted' && ack !== 'learned' && ack !== 'durable') {
    throw new HttpError(400, 'ack is accepted, learned or durable');
  }
  const producer = searchParams.get('producer') ?? undefined;
  const first = Number(searchParams.get('first') ?? 1);
  if (!Number.isSafeInteger(first) || first < 1)
    throw new HttpError(400, 'first is a number from 1');
  return { producer, first, ack };
};

/** The lines, so many at a time. */
async function* batches({ request, hub }: Exchange): AsyncGenerator<unknown[]> {
  const { feedBatch, messageBytes } = hub.limits;
  let batch: unknown[] = [];
  let length = 0;
  const lines = createInterface({ input: request, crlfDelay: Number.POSITIVE_INFINITY });
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    // A line without an end would be kept whole.
    if (length > messageBytes) request.destroy(new HttpError(413, 'a line is too long'));
  });
  for await (const line of lines) {
    length = 0;
    if (line.trim() === '') continue;
    batch.push(parse(line));
    if (batch.length < feedBatch) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch (error) {
    const example = '{"features":{"t":21.5},"target":"on"}';
    const reason = `a line is one sample in JSON, such as ${example}: ${(error as Error).message}`;
    return new InvalidSample('parse', reason);
  }
};

const take = async (
  service: Service,
  { batch, query, answer }: { batch: unknown[]; query: FeedQuery; answer: FeedAnswer },
): Promise<void> => {
  const { producer, first, ack } = query;
  const numbering = producer === undefined ? {} : { producer, first: first + answer.accepted };
  const { dup, upTo, outcome } = service.feed({ samples: batch, ack, ...numbering });
  // What is in the queue can still fail: whoever waits for it is told of what was learned alone.
  if (ack === 'accepted') outcome.catch(() => {});
  else addOutcome(answer, await outcome);
  answer.accepted += batch.length;
  answer.dup += dup;
  if (upTo !== undefined) answer.upTo = upTo;
};

const addOutcome = (answer: FeedAnswer, { step, rejected }: FeedOutcome): void => {
  answer.step = step;
  for (const found of rejected) {
    if (answer.rejected.length === rejectedMax) return;
    answer.rejected.push({ ...found, i: found.i + answer.accepted });
  }
};

const refuse = ({ response }: Exchange, answer: FeedAnswer, error: unknown): void => {
  const { status, message, headers } = asHttpError(error);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const { upTo } = error instanceof RequestError ? asRequestError(error).detail : {};
  sendJson(
    response,
    { error: message, ...answer, ...(upTo === undefined ? {} : { upTo }) },
    status,
  );
};
