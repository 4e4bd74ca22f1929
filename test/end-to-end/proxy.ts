import type { AddressInfo } from 'node:net';
import { createConnection, createServer, type Socket } from 'node:net';

/** A network between a client and a server: slow, or cut at any moment. */
export interface Proxy {
  readonly url: string;
  /** Cuts all connections without a word. */
  cut(): void;
  close(): Promise<void>;
}

/** How often a slow network lets something through, in ms. */
const tickMs = 10;

/** A proxy to a port of this machine, which limits the bytes per second to the client. */
export const proxyTo = async (
  port: number,
  bytesPerSecond = Number.POSITIVE_INFINITY,
): Promise<Proxy> => {
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((client) => {
    const upstream = createConnection(port, '127.0.0.1');
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', end).on('close', end);
    }
    client.pipe(upstream);
    if (bytesPerSecond === Number.POSITIVE_INFINITY) upstream.pipe(client);
    else trickle(upstream, client, bytesPerSecond);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
    pairs.clear();
  };
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    cut,
    close: () =>
      new Promise((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
};

/** Forwards a limited number of bytes per second, and reads no faster than that. */
const trickle = (from: Socket, to: Socket, bytesPerSecond: number): void => {
  let allowed = 0;
  let last = performance.now();
  from.pause();
  const timer = setInterval(() => {
    const now = performance.now();
    allowed = Math.min(bytesPerSecond / 10, allowed + ((now - last) / 1000) * bytesPerSecond);
    last = now;
    while (allowed >= 1) {
      const waiting = from.readableLength;
      const chunk = (from.read(Math.min(waiting, Math.floor(allowed))) ?? null) as Buffer | null;
      if (chunk === null || chunk.length === 0) {
        from.read(0);
        return;
      }
      allowed -= chunk.length;
      to.write(chunk);
    }
  }, tickMs);
  from.on('close', () => clearInterval(timer));
};
