import { WebSocket } from 'ws';
import type { ServerMessage } from '../../src/broadcast/server-messages.ts';

/** A connection that says what a test wants it to say. */
export interface RawClient {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[];
  readonly frames: Buffer[];
  readonly say: (message: object | string) => void;
  /** The first message of that kind, when it has come. */
  readonly next: <T extends ServerMessage['t']>(t: T) => Promise<Extract<ServerMessage, { t: T }>>;
  /** The code and the reason, when it has been closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
}

/** Options of {@link rawClient}. */
export interface RawOptions {
  readonly protocols?: string[];
  readonly headers?: Record<string, string>;
  /** Whether hello is said at once. Default true. */
  readonly hello?: object | false;
}

/** Opens a connection; rejects with the status when the upgrade is refused. */
export const rawClient = async (
  url: string,
  { protocols = ['rivulet.v1'], headers = {}, hello = {} }: RawOptions = {},
): Promise<RawClient> => {
  const socket = new WebSocket(url.replace('http', 'ws'), protocols, { headers });
  const messages: ServerMessage[] = [];
  const frames: Buffer[] = [];
  const watchers = new Set<() => void>();
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) frames.push(data);
    else messages.push(JSON.parse(String(data)) as ServerMessage);
    for (const watcher of watchers) watcher();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
    socket.on('unexpected-response', (_, response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => reject(new Error(`${response.statusCode} ${body}`)));
    });
  });
  const say = (message: object | string): void =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const next = <T extends ServerMessage['t']>(t: T) =>
    new Promise<Extract<ServerMessage, { t: T }>>((resolve) => {
      const look = (): void => {
        const found = messages.find((message) => message.t === t);
        if (!found) return;
        watchers.delete(look);
        resolve(found as Extract<ServerMessage, { t: T }>);
      };
      watchers.add(look);
      look();
    });
  if (hello) {
    say({ t: 'hello', v: 1, ...hello });
  }
  return { socket, messages, frames, say, next, closed };
};

/** What `ws` keeps of the socket below it. */
export const streamOf = (socket: WebSocket) =>
  (socket as unknown as { _socket: NodeJS.Socket })._socket;
