import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { fromWebSocket } from '../../../src/node/sources/index.ts';
import { overWebSocket } from '../hostile/attacks.ts';
import type { SourceSubject } from '../source-subject.ts';

let server: WebSocketServer;

export const subject: SourceSubject = {
  async open() {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => {
      for (const a of [1, 2, 3]) socket.send(JSON.stringify({ a }));
    });
    await once(server, 'listening');
  },
  close() {
    for (const socket of server.clients) socket.terminate();
    server.close();
  },
  make: () => fromWebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`),
  isLive: true,
  attack: overWebSocket,
};
