import { noneBuffered } from '../../../stream/waiting.ts';
import { fromWebSocket } from '../sockets/from-web-socket.ts';
import { addressed, addressOptions, authorized, live } from './address.ts';
import type { NamedSource } from './named-source.ts';

/** The JSON messages of a WebSocket. */
export const socket: NamedSource = {
  title: 'a WebSocket (ws://)',
  schemes: ['ws', 'wss'],
  options: [...addressOptions, 'buffer', 'whenFull'],
  open([url = ''], options) {
    const counters = noneBuffered();
    const examples = fromWebSocket(url, { ...addressed(options), ...authorized(), counters });
    return { ...live(url, examples), buffer: counters };
  },
};
