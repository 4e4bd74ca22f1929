import { InvalidSample } from '../../../broadcast/fed-sample.ts';
import type { FeedOutcome } from '../../../broadcast/model.ts';
import { asRequestError, RequestError } from '../../../broadcast/request-error.ts';
import type { Service } from '../../../broadcast/service.ts';
import { bodyChunks, parsedBody } from './body.ts';
import { linesOf } from './lines.ts';
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

/** How long the name of a producer may be, as in `feed`. */
const producerLengthMax = 128;

/** The answer to a feeder. */
interface FeedAnswer {
  /** How many of the first lines were accepted. */
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

/** `POST /v1/feed`: learns from NDJSON, one sample per line. */
export const feedRoute: Route = {
  method: 'POST',
  path: /^\/v1\/feed$/,
  role: 'feed',
  async handle(exchange) {
    const service = queriedService(exchange);
    const query = feedQuery(exchange.query);
    const answer: FeedAnswer = {
      accepted: 0,
      dup: 0,
      rejected: [],
      step: service.step,
    };
    try {
      for await (const batch of batches(exchange)) await take(service, { batch, query, answer });
      if (query.ack === 'durable') await service.saved();
      else if (query.ack === 'learned') await service.logged();
    } catch (error) {
      throw withAnswer(answer, error);
    }
    sendJson(exchange.response, answer);
  },
};

const feedQuery = (query: URLSearchParams): FeedQuery => {
  const ack = query.get('ack') ?? 'learned';
  if (ack !== 'accepted' && ack !== 'learned' && ack !== 'durable') {
    throw new HttpError(400, 'ack is accepted, learned or durable');
  }
  const producer = query.get('producer') ?? undefined;
  if (producer === '' || (producer?.length ?? 0) > producerLengthMax) {
    throw new HttpError(400, `a producer has a name of 1 to ${producerLengthMax} characters`);
  }
  const digits = query.get('first') ?? '1';
  const first = /^\d+$/.test(digits) ? Number(digits) : 0;
  if (!Number.isSafeInteger(first) || first < 1)
    throw new HttpError(400, 'first is a number from 1');
  return { producer, first, ack };
};

/** The samples of the body in batches, or of what a body parser has made of it. */
async function* batches({ request, limits }: Exchange): AsyncGenerator<unknown[]> {
  const { feedBatch, messageBytes } = limits;
  const parsed = parsedBody(request);
  const text = typeof parsed === 'string' ? Buffer.from(parsed) : parsed;
  if (text === undefined || Buffer.isBuffer(text)) {
    const pieces = text ? [text] : bodyChunks(request, limits);
    yield* parsedLines(linesOf(pieces, messageBytes), limits);
    return;
  }
  // A parser of JSON has made values of it: one, or an array.
  const samples: unknown[] = Array.isArray(text) ? text : [text];
  for (let i = 0; i < samples.length; i += feedBatch) yield samples.slice(i, i + feedBatch);
}

/** The samples of lines, in batches bounded by count and characters. */
async function* parsedLines(
  lines: AsyncIterable<string[]>,
  { feedBatch, messageBytes }: Exchange['limits'],
): AsyncGenerator<unknown[]> {
  let batch: unknown[] = [];
  let length = 0;
  for await (const some of lines) {
    for (const line of some) {
      if (batch.length === feedBatch || length + line.length > messageBytes) {
        yield batch;
        batch = [];
        length = 0;
      }
      length += line.length;
      batch.push(parse(line));
    }
  }
  if (batch.length > 0) yield batch;
}

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch (error) {
    const example = '{"features":{"t":21.5},"target":"on"}';
    const reason = `a line is one sample in JSON, such as ${example}: ${(error as Error).message}`;
    return new InvalidSample('parse', reason, line);
  }
};

const take = async (
  service: Service,
  { batch, query, answer }: { batch: unknown[]; query: FeedQuery; answer: FeedAnswer },
): Promise<void> => {
  const { producer, first, ack } = query;
  const numbering = producer === undefined ? {} : { producer, first: first + answer.accepted };
  const { dup, upTo, outcome } = service.feed({ samples: batch, ack, ...numbering });
  // A queued sample can still fail: an answer that waits for it reports only what was learned.
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

/** The error as the answer to this request, with what has been accepted of it. */
const withAnswer = (answer: FeedAnswer, error: unknown): HttpError => {
  const { status, message, headers } = asHttpError(error);
  const { upTo } = error instanceof RequestError ? asRequestError(error).detail : {};
  const detail = { ...answer, ...(upTo === undefined ? {} : { upTo }) };
  return new HttpError(status, message, headers, detail);
};
