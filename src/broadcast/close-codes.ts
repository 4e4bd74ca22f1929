/**
 * Why a connection was closed. One rule: after 4000–4399 a client comes back after a random delay;
 * after 4400–4999 it does not.
 */
export const closeCodes = {
  internal: 1011,
  stopping: 4001,
  lagged: 4002,
  noPong: 4003,
  tokenExpired: 4004,
  overloaded: 4005,
  resync: 4006,
  noHello: 4007,
  badMessage: 4400,
  notAuthenticated: 4401,
  notAllowed: 4403,
  badVersion: 4406,
  idInUse: 4409,
  tooLarge: 4413,
  abuse: 4429,
} as const;

/** Whether a client should come back after this code. What is not ours is the network’s: yes. */
export const isReconnectable = (code: number): boolean =>
  code !== 1009 && (code < 4400 || code > 4999);
