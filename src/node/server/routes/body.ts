import type { IncomingMessage } from 'node:http';
import type { Limits } from '../../../broadcast/limits.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import { HttpError } from './route.ts';

/** A request whose body may have been read before: `body` is where Express and others put it. */
export type BodyRequest = IncomingMessage & { readonly body?: unknown };

/** What bounds a body. */
export type BodyLimits = Pick<Limits, 'messageBytes' | 'bodyMs'>;

/** How long the rest of a body is read and thrown away, so that its client reads the answer, in ms. */
const discardMs = 1_000;

/**
 * What a body parser in front has made of the body: a text, bytes, or a value. Undefined while the
 * body has not been read. Throws where it has been read and is nowhere, and
 * 415 where it is compressed.
 */
export const parsedBody = (request: BodyRequest): unknown => {
  if (!request.readableEnded && !request.destroyed) {
    const coding = request.headers['content-encoding'] ?? 'identity';
    if (coding === 'identity') return undefined;
    throw new HttpError(415, `the body is encoded as ${coding}: send it as it is`);
  }
  const { body } = request;
  if (body !== undefined && body !== null) return body;
  throw new HttpError(
    500,
    'the body was read before it came here, and request.body does not hold it: put the body parser ' +
      'behind this handler, or set request.body',
  );
};

/** The body, piece by piece. It may be left early: the rest stays in the request. */
export async function* bodyChunks(
  request: IncomingMessage,
  { bodyMs }: Pick<BodyLimits, 'bodyMs'>,
): AsyncGenerator<Buffer> {
  for (;;) {
    const chunk = request.read() as Buffer | null;
    if (chunk !== null) yield chunk;
    else if (request.readableEnded) return;
    else if (request.destroyed) throw new HttpError(400, 'the body was cut off');
    else await changed(request, bodyMs);
  }
}

/** Reads the body as JSON. 400 where it is none, 408 where it is slow, 413 where it is too long. */
export const readJson = async (request: BodyRequest, limits: BodyLimits): Promise<unknown> => {
  const parsed = parsedBody(request);
  if (parsed !== undefined && typeof parsed !== 'string' && !Buffer.isBuffer(parsed)) return parsed;
  const text = parsed ?? (await readAll(request, limits));
  try {
    return JSON.parse(String(text));
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
};

const readAll = async (request: IncomingMessage, limits: BodyLimits): Promise<Buffer> => {
  const { messageBytes, bodyMs } = limits;
  const deadline = performance.now() + bodyMs;
  const body = new GrowingBuffer();
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > messageBytes) throw tooLong(messageBytes);
  for await (const chunk of bodyChunks(request, limits)) {
    if (body.length + chunk.length > messageBytes) throw tooLong(messageBytes);
    if (performance.now() > deadline) throw tooSlow();
    body.append(chunk);
  }
  return body.take();
};

const tooLong = (bytes: number): HttpError =>
  new HttpError(413, `the body has more than ${bytes} bytes`);

const tooSlow = (): HttpError => new HttpError(408, 'the body did not come in time');

/** Reads the rest of the body for a moment and drops it; done at its end at the latest. */
export const discardBody = (request: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    const events = ['end', 'close', 'error'] as const;
    const done = (): void => {
      clearTimeout(timer);
      for (const event of events) request.off(event, done);
      resolve();
    };
    const timer = setTimeout(done, discardMs);
    for (const event of events) request.once(event, done);
    if (request.readableEnded || request.destroyed) done();
    request.resume();
  });

/** Done when there is more of the body, or no more can come. */
const changed = (request: IncomingMessage, bodyMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const events = ['readable', 'end', 'close', 'error'] as const;
    const done = (): void => {
      clearTimeout(timer);
      for (const event of events) request.off(event, done);
      resolve();
    };
    const timer = setTimeout(() => {
      reject(tooSlow());
      done();
    }, bodyMs);
    for (const event of events) request.on(event, done);
  });
