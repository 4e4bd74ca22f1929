import { randomBytes } from 'node:crypto';

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 26 characters, in the order of time, different each time. */
export const ulid = (now = Date.now()): string => {
  let time = '';
  for (let i = 0, rest = now; i < 10; i += 1, rest = Math.floor(rest / 32)) {
    time = digits[rest % 32] + time;
  }
  return time + Array.from(randomBytes(16), (byte) => digits[byte % 32]).join('');
};
