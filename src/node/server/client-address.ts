import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';

/**
 * The address of a client. Behind a proxy that is trusted it is the last one of X-Forwarded-For:
 * the only one that the proxy itself has written.
 */
export const clientAddress = (
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  trustProxy: boolean,
): string => {
  const forwarded = trustProxy ? String(headers['x-forwarded-for'] ?? '') : '';
  const last = forwarded.slice(forwarded.lastIndexOf(',') + 1).trim();
  return plain(isIP(last) === 0 ? (socket.remoteAddress ?? '') : last);
};

/** Whether the address is one of this machine. */
export const isLoopbackAddress = (address: string): boolean =>
  /^127\.\d+\.\d+\.\d+$|^::1$/.test(plain(address));

/** What is counted together: an IPv4 address, or the /64 of an IPv6 address, which is one subscriber's. */
export const addressGroup = (full: string): string => {
  const address = plain(full);
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':').length : 0;
  if (tail !== undefined)
    groups.push(...Array<string>(Math.max(0, 8 - groups.length - after)).fill('0'));
  if (tail) groups.push(...tail.split(':'));
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
};

/** An IPv4 address in IPv6 clothing is the IPv4 address. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
