/** As much of a WebSocket as a client needs: the browser's own is one, and that of `ws` is. */
export interface SocketLike {
  binaryType: string;
  /** Bytes that wait to be sent. */
  readonly bufferedAmount?: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** The constructor of a {@link SocketLike}. */
export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;

/** The WebSocket address for an address of either kind: `http://host:8080` is `ws://host:8080/`. */
export const socketUrl = (url: string | URL): string => {
  const { href } = new URL(url);
  return href.replace(/^http/, 'ws');
};
