/** As much of a WebSocket as a client needs: the browser's own is one, and that of `ws` is. */
export interface SocketLike {
  /** Set to `arraybuffer`. */
  binaryType: string;
  /** Bytes that wait to be sent. */
  readonly bufferedAmount?: number;
  /** Called when it is open. */
  onopen: ((event: never) => void) | null;
  /** Called with each message: a text, or an ArrayBuffer. */
  onmessage: ((event: { data: unknown }) => void) | null;
  /** Called once, when it has closed. */
  onclose: ((event: { code: number; reason: string }) => void) | null;
  /** Called when it fails; `onclose` follows. */
  onerror: ((event: never) => void) | null;
  /** Sends a text. */
  send(text: string): void;
  /** Closes it, with a close code: 1000, or 3000 to 4999. */
  close(code?: number, reason?: string): void;
}

/** The constructor of a {@link SocketLike}. */
export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;

/** The WebSocket address for an address of either kind: `http://host:8080` is `ws://host:8080/`. */
export const socketUrl = (url: string | URL): string => {
  const { href } = new URL(url);
  return href.replace(/^http/, 'ws');
};
