import type { ConnectionState } from './link.ts';

/** The connection is over for good: the server said not to come back. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';
  readonly code: number | undefined;

  constructor({ reason, code }: ConnectionState) {
    super(reason);
    this.code = code;
  }
}
