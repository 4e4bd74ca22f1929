import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import type { Identity } from '../../broadcast/identity.ts';
import type { Role } from '../../broadcast/server-messages.ts';

/** A token, and what it is good for. */
export interface Token {
  /** The secret that a client sends. */
  readonly token: string;
  /** Default: read, predict and feed. */
  readonly roles?: readonly Role[];
  /** The models it is for. Default: all. */
  readonly models?: readonly string[];
  /** When it stops being valid: milliseconds since the Unix epoch. Default: never. */
  readonly expiresAt?: number;
}

/** Who may come in. */
export interface AccessOptions {
  /** The address that is listened on. Default 127.0.0.1. */
  readonly host?: string;
  /** Tokens that let in. Without one only loopback is served. */
  readonly tokens?: readonly Token[];
  /**
   * Names that a Host header may have beside loopback and `host`. Where `host` stands for all
   * addresses of this machine (`0.0.0.0`, `::`), any IP address may be there: no foreign page can
   * make a browser send one that is not in the address itself.
   */
  readonly allowedHosts?: readonly string[];
  /** Origins that may connect beside the server's own, such as `https://example.org`. */
  readonly allowedOrigins?: readonly string[];
  /**
   * Whose pages may show this one in a frame: origins, `'self'`, or `*`, as the directive `frame-ancestors` of
   * a Content-Security-Policy takes them. Default: nobody's.
   */
  readonly frameAncestors?: readonly string[];
}

/** Why a request was turned away before anything else was looked at. */
export interface Denial {
  readonly status: 400 | 401 | 403;
  readonly message: string;
}

const ordinaryRoles: readonly Role[] = ['read', 'predict', 'feed'];
const loopbackNames: readonly string[] = ['127.0.0.1', 'localhost', '::1'];

/** Whether nobody but this machine can reach the address. */
export const isLoopback = (host: string): boolean => loopbackNames.includes(host);

const checkedHost = (host: string): string => {
  const name = isIPv6(host) ? host.toLowerCase() : hostName(host);
  if (/^[\w.-]+$/.test(name) || isIPv6(name)) return name;
  throw new RangeError(`allowed host ${host}: expected a name or address, such as sensors.lan`);
};

const checkedOrigin = (origin: string): string => {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new RangeError(
    `allowed origin ${origin}: expected scheme, host and port alone, such as https://example.org`,
  );
};

/** Where a probe asks whether the server runs: the answer holds nothing of a model. */
const probePath = /^(\/healthz|\/readyz|\/v2\/health\/(live|ready))(\?|$)/;

/** A source of `frame-ancestors`, without what would end the directive. */
const checkedAncestor = (ancestor: string): string => {
  if (ancestor === 'self' || ancestor === "'self'") return "'self'";
  if (ancestor === '*') return ancestor;
  if (URL.canParse(ancestor) && new URL(ancestor).origin === ancestor) return ancestor;
  throw new RangeError(
    `frame ancestor ${ancestor}: expected self, * or an origin such as https://example.org`,
  );
};

/** Decides who may come in, by Host, Origin and token. */
export class Access {
  readonly #tokens: readonly Token[];
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  /** Whether any IP address is one of this server. */
  readonly #isEverywhere: boolean;
  /** The sources of the directive `frame-ancestors`. */
  readonly frameAncestors: string;

  constructor({
    host = '127.0.0.1',
    tokens = [],
    allowedHosts = [],
    allowedOrigins = [],
    frameAncestors = [],
  }: AccessOptions) {
    if (!isLoopback(host) && tokens.length === 0) {
      throw new RangeError(`listening on ${host} needs a token: others can reach it`);
    }
    if (tokens.some(({ token }) => token === '')) throw new RangeError('a token must not be empty');
    this.#tokens = tokens;
    this.#hosts = new Set([...loopbackNames, host.toLowerCase(), ...allowedHosts.map(checkedHost)]);
    this.#origins = new Set(allowedOrigins.map(checkedOrigin));
    this.frameAncestors = frameAncestors.map(checkedAncestor).join(' ') || "'none'";
    this.#isEverywhere = host === '0.0.0.0' || host === '::';
  }

  /** Whose token this is; undefined when it is nobody's. */
  authenticate(token: string): Identity | undefined {
    let found: Token | undefined;
    // All are compared, each in constant time: the time tells nothing about the tokens.
    for (const candidate of this.#tokens) if (isEqual(candidate.token, token)) found = candidate;
    if (!found || Date.now() >= (found.expiresAt ?? Number.POSITIVE_INFINITY)) return undefined;
    const { roles = ordinaryRoles, models, expiresAt } = found;
    return {
      roles,
      ...(models === undefined ? {} : { models }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
  }

  /** Whether a token can be shown at all. */
  get hasTokens(): boolean {
    return this.#tokens.length > 0;
  }

  /** Whether this server answers to the name, which may have a port behind it. */
  isKnownHost(host: string): boolean {
    const name = hostName(host);
    return this.#hosts.has(name) || (this.#isEverywhere && isIP(name) !== 0);
  }

  /** Whether pages of this origin may connect, beside the server's own. */
  isAllowedOrigin(origin: string): boolean {
    return this.#origins.has(origin);
  }

  /** Why this request is refused before it is looked at: a foreign or repeated Host, a foreign Origin. */
  denial({ url = '', headers, rawHeaders }: IncomingMessage): Denial | undefined {
    const { host = '', origin } = headers;
    // Of two, a proxy may have looked at the one that Node leaves out (RFC 9112, 3.2).
    if (isRepeated(rawHeaders, 'host') || isRepeated(rawHeaders, 'authorization')) {
      return { status: 400, message: 'the Host and Authorization headers may come once' };
    }
    // A probe of a container or a balancer names the address that it found, or nothing.
    if (!this.isKnownHost(host) && !probePath.test(url)) {
      return {
        status: 403,
        message:
          `the Host header names another server, ${printable(host)}: allow its name with allowedHosts ` +
          '(--allow-host or RIVULET_ALLOWED_HOSTS)',
      };
    }
    if (origin === undefined || this.#origins.has(origin)) return undefined;
    if (origin === `http://${host}` || origin === `https://${host}`) return undefined;
    return { status: 403, message: 'this Origin is not allowed' };
  }

  /** Who sent this request; undefined when it shows no token and one is needed. */
  identify(request: IncomingMessage): Identity | Denial | undefined {
    const token = bearer(request);
    if (token === undefined)
      return this.#tokens.length === 0 ? { roles: ordinaryRoles } : undefined;
    return this.authenticate(token) ?? { status: 401, message: 'the token is not valid' };
  }
}

/** A header as it may be shown: ASCII, and not long. */
const printable = (text: string): string => text.slice(0, 100).replace(/[^\x21-\x7e]/g, '?');

const isRepeated = (rawHeaders: readonly string[], name: string): boolean => {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() === name) count += 1;
  }
  return count > 1;
};

/** The token of a request: in its Authorization header, or offered as a subprotocol. */
const bearer = ({ headers }: IncomingMessage): string | undefined => {
  const header = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (header !== undefined) return header;
  const offered = offeredProtocols(headers['sec-websocket-protocol']);
  const encoded = offered.find((name) => name.startsWith(bearerPrefix));
  return encoded && Buffer.from(encoded.slice(bearerPrefix.length), 'base64url').toString();
};

const bearerPrefix = 'rivulet.bearer.';

/** The subprotocols that a client offers. */
export const offeredProtocols = (header = ''): string[] =>
  header.split(',').map((name) => name.trim());

/** The name in a Host header; its port is not looked at, since ports are forwarded. */
const hostName = (host: string): string => {
  const bracketed = /^\[([^\]]*)\](:\d+)?$/.exec(host)?.[1];
  if (bracketed !== undefined) return isIPv6(bracketed) ? bracketed.toLowerCase() : '';
  return host.replace(/:\d+$/, '').toLowerCase();
};

const isEqual = (known: string, shown: string): boolean =>
  timingSafeEqual(digest(known), digest(shown));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
