import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import {
  addressGroup,
  clientAddress,
  isLoopbackAddress,
} from '../../../src/node/server/client-address.ts';

const request = (remoteAddress: string | undefined, forwarded?: string) =>
  ({
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress },
  }) as unknown as IncomingMessage;

test('an address is that of the socket, or the last that a trusted proxy has added', () => {
  const forwarded = request('10.0.0.1', '198.51.100.1, 192.0.2.7');
  expect(clientAddress(forwarded, false)).toBe('10.0.0.1');
  expect(clientAddress(forwarded, true)).toBe('192.0.2.7');
  expect(clientAddress(request('::ffff:10.0.0.1'), true)).toBe('10.0.0.1');
  for (const odd of ['unknown', '', '192.0.2.7, ', '1.2.3.4:80', 'x'.repeat(9_000)]) {
    expect(clientAddress(request('10.0.0.1', odd), true)).toBe('10.0.0.1');
  }
  expect(clientAddress(request(undefined), false)).toBe('');
});

test('addresses of this machine are loopback, and no others', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
    expect(isLoopbackAddress(address), address).toBe(true);
  }
  for (const address of ['', '128.0.0.1', '127.evil.example', '::2', '10.127.0.1', '127.0.0.1.x']) {
    expect(isLoopbackAddress(address), address).toBe(false);
  }
});

test('the addresses of one IPv6 network count as one', () => {
  const network = '2001:db8:0:7::/64';
  for (const address of ['2001:db8:0:7::1', '2001:0db8::7:0:0:0:1', '2001:DB8:0:7:a:b:c:d']) {
    expect(addressGroup(address), address).toBe(network);
  }
  expect(addressGroup('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(addressGroup('::')).toBe('0:0:0:0::/64');
  expect(addressGroup('1::')).toBe('1:0:0:0::/64');
  expect(addressGroup('192.0.2.7')).toBe('192.0.2.7');
  expect(addressGroup('::FFFF:192.0.2.7')).toBe('192.0.2.7');
  expect(addressGroup('')).toBe('');
});
