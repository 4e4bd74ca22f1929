import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Why a request is refused. */
export interface UpgradeRefusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How long a client may take to close a connection whose upgrade was refused, in ms. */
const closeMs = 2_000;

/** Answers an upgrade that is refused, and closes the connection, whatever its client does. */
export const refuseUpgrade = (
  stream: Duplex,
  { status, message, headers }: UpgradeRefusal,
): void => {
  stream.on('error', () => stream.destroy());
  if (stream.writableEnded || stream.destroyed) return;
  const head = {
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(message),
    ...headers,
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  // The server end of an HTTP connection stays open when only this end is closed.
  const timer = setTimeout(() => stream.destroy(), closeMs);
  timer.unref();
  stream.once('close', () => clearTimeout(timer));
  stream.once('end', () => stream.destroy());
  stream.resume();
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${message}`);
};
