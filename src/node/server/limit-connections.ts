import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { addressGroup, isLoopbackAddress } from './client-address.ts';

/** Ends connections of an address that has `max` open already, WebSockets included; loopback is exempt. */
export const limitConnections = (server: HttpServer, max: number): void => {
  const counts = new Map<string, number>();
  // A connection is announced again after an upgrade that was ignored.
  const counted = new WeakSet<Socket>();
  // Before the handshake of TLS, and before any byte of a request.
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    if (isLoopbackAddress(remoteAddress) || counted.has(socket)) return;
    counted.add(socket);
    const address = addressGroup(remoteAddress);
    const count = counts.get(address) ?? 0;
    if (count >= max) {
      socket.destroy();
      return;
    }
    counts.set(address, count + 1);
    socket.once('close', () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    });
  });
};
