import type { ConnectionState } from './link.ts';

/** The connection is over for good: the server said not to come back. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';
  /** The close code of the WebSocket; absent if there was none. */
  readonly code: number | undefined;

  constructor({ reason, code }: ConnectionState) {
    super(reason);
    this.code = code;
  }
}
