/**
 * One connection, as the broadcaster sees it. The carrier behind it joins what is sent within one
 * turn of the event loop into one write.
 */
export interface Peer {
  /** Bytes that were given to `send` and have not been handed to the operating system yet. */
  readonly bufferedAmount: number;
  send(text: string): void;
  /** Sends header and payload as one binary message. The payload is shared: it is not changed. */
  sendFrame(header: Uint8Array, payload: Uint8Array): void;
  /** Requests a pong, of which the session is notified. */
  ping(): void;
  /** Hands over now what was kept back for one write. */
  flush(): void;
  close(code: number, reason: string): void;
}

/** Where the time comes from. */
export interface Clock {
  /** Milliseconds since the Unix epoch, with fractions; it never goes back. */
  now(): number;
}
