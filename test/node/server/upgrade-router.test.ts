import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { refuseUpgrade } from '../../../src/node/server/refuse-upgrade.ts';
import { UpgradeRouter } from '../../../src/node/server/upgrade-router.ts';
import { Wire } from './wire.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const upgrade = (url: string) =>
  ({ url, headers: { upgrade: 'websocket' } }) as unknown as IncomingMessage;

/** A server on which `/model` is attached, and another listener that does nothing by itself. */
const routed = () => {
  const server = new EventEmitter();
  const handled: string[] = [];
  const remove = UpgradeRouter.of(server as Server).add(['/model'], ({ url }) =>
    handled.push(url!),
  );
  server.on('upgrade', () => {});
  const emit = (url: string) => {
    const socket = new Socket();
    const end = vi.spyOn(socket, 'end').mockReturnValue(socket);
    server.emit('upgrade', upgrade(url), socket, Buffer.alloc(0));
    return { socket, end };
  };
  return { server, handled, remove, emit };
};

test('an upgrade that another listener leaves unanswered is refused after a while', () => {
  const { emit, handled } = routed();
  const { end } = emit('/other');
  vi.advanceTimersByTime(9_999);
  expect(end).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(end).toHaveBeenCalledWith(expect.stringMatching(/^HTTP\/1\.1 404 Not Found\r\n/));
  expect(handled).toEqual([]);
});

test('an upgrade that another listener has answered is left alone', () => {
  const { emit } = routed();
  const { socket, end } = emit('/other');
  vi.spyOn(socket, 'bytesWritten', 'get').mockReturnValue(129);
  vi.advanceTimersByTime(60_000);
  expect(end).not.toHaveBeenCalled();
});

test('a handler that throws ends its connection alone', () => {
  const server = new EventEmitter();
  UpgradeRouter.of(server as Server).add(['/model'], () => {
    throw new Error('a mistake');
  });
  const socket = new Socket();
  server.emit('upgrade', upgrade('/model'), socket, Buffer.alloc(0));
  expect(socket.destroyed).toBe(true);
});

test('once all is detached the server is as it was', () => {
  const { server, remove } = routed();
  expect(server.listenerCount('upgrade')).toBe(2);
  remove();
  expect([server.listenerCount('upgrade'), server.listenerCount('request')]).toEqual([1, 0]);
});

test('a refused connection is closed although its client never closes it', () => {
  const wire = new Wire();
  refuseUpgrade(wire, { status: 429, message: 'too many', headers: { 'Retry-After': '1' } });
  expect(wire.answer).toBe(
    'HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n' +
      'Content-Length: 8\r\nRetry-After: 1\r\n\r\ntoo many',
  );
  expect(wire.destroyed).toBe(false);
  vi.advanceTimersByTime(2_000);
  expect(wire.destroyed).toBe(true);
});
