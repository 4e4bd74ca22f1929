import { connect } from 'node:net';

/** What a raw connection has got. */
export interface RawAnswer {
  readonly text: string;
  /** Whether the server has closed it. */
  readonly isClosed: boolean;
}

/** Writes bytes to a port and collects what comes until the server closes, or for so long. */
export const rawHttp = (port: number, bytes: string | Buffer, waitMs = 5_000): Promise<RawAnswer> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const timer = setTimeout(() => {
      resolve({ text, isClosed: false });
      socket.destroy();
    }, waitMs);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ text, isClosed: true });
    });
    socket.write(bytes);
  });

/** The status of an answer. */
export const statusOf = ({ text }: RawAnswer): number =>
  Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);

/** An upgrade that is right but for its target. */
export const upgradeOf = (target: string, headers = ''): string =>
  `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
  `Sec-WebSocket-Protocol: rivulet.v1\r\n${headers}\r\n`;
