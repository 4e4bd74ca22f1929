import { WebSocket } from 'ws';
import {
  type Connection,
  type ConnectOptions,
  connect as connectWith,
} from '../../client/connect.ts';
import type { SocketConstructor } from '../../client/socket.ts';

/** {@link connectWith} with the WebSocket of `ws`: Node 20 has none of its own. */
export const connect = (url: string | URL, options: ConnectOptions = {}): Connection =>
  connectWith(url, { WebSocket: WebSocket as unknown as SocketConstructor, ...options });
