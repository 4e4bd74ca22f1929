import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Limits } from '../../broadcast/limits.ts';

/** What bounds the requests of one connection. */
export type TurnLimits = Pick<Limits, 'requestsPipelined' | 'requestsPerConnection'>;

/**
 * The order of the requests of each connection. A client may send many without reading an answer
 * (pipelining). Node parses them all, but only the first can be answered: work for the others would
 * hold their files and answers for as long as the client likes.
 */
export class Turns {
  readonly #limits: TurnLimits;
  readonly #waiting = new WeakMap<Socket, number>();
  readonly #served = new WeakMap<Socket, number>();

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** Done when the answer can be sent: true; or when the connection has ended before: false. */
  async next(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { socket } = request;
    const served = (this.#served.get(socket) ?? 0) + 1;
    this.#served.set(socket, served);
    if (served >= this.#limits.requestsPerConnection) response.setHeader('Connection', 'close');
    if (response.socket || response.destroyed) return !response.destroyed;
    const waiting = (this.#waiting.get(socket) ?? 0) + 1;
    if (waiting > this.#limits.requestsPipelined) {
      socket.destroy();
      return false;
    }
    this.#waiting.set(socket, waiting);
    const isNext = await assigned(request, response);
    this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1);
    return isNext;
  }
}

const assigned = (request: IncomingMessage, response: ServerResponse): Promise<boolean> =>
  new Promise((resolve) => {
    response.once('socket', () => resolve(true));
    request.once('close', () => {
      if (request.socket.destroyed) resolve(false);
    });
  });
