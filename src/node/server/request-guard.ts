import type { IncomingMessage } from 'node:http';
import type { Identity } from '../../broadcast/identity.ts';
import type { Limits } from '../../broadcast/limits.ts';
import type { Clock } from '../../broadcast/peer.ts';
import { TokenBucket } from '../../broadcast/token-bucket.ts';
import type { Access, Denial } from './access.ts';
import { addressGroup, clientAddress, isLoopbackAddress } from './client-address.ts';
import type { UpgradeRefusal } from './refuse-upgrade.ts';
import { parseTarget, type RequestTarget } from './request-target.ts';

/** How many addresses are remembered. Those that came longest ago are forgotten first. */
const addressesMax = 10_000;

/** Limits the events per second of each address, in one burst or spread. */
export class RateLimiter {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, TokenBucket>();

  /** @param perSecond Above 0; 0.1 is one event in 10 seconds. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Whether one more event of this address may pass at `now`, in ms. */
  take(address: string, now: number): boolean {
    const bucket = this.#buckets.get(address) ?? new TokenBucket(this.#perSecond, now);
    // A map keeps the order of insertion: the first key is the one that came longest ago.
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    if (this.#buckets.size > addressesMax) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    return bucket.take(now);
  }
}

/** What a {@link RequestGuard} is made of. */
export interface RequestGuardOptions {
  readonly access: Access;
  readonly limits: Pick<Limits, 'requestsPerSecond' | 'upgradesPerSecond'>;
  readonly clock: Clock;
  /** Whether the address of a client is in X-Forwarded-For. */
  readonly trustProxy: boolean;
}

/** A request that may be answered. */
export interface Admitted {
  readonly target: RequestTarget;
  /** The address of the client; one of an IPv6 network stands for all. */
  readonly address: string;
  /** Whether the client is on this machine. */
  readonly isLoopback: boolean;
  /** Who it is; undefined without a token where one is needed. */
  readonly identity: Identity | Denial | undefined;
}

/** The one check that all requests pass, those for an upgrade too, before anything is done for them. */
export class RequestGuard {
  readonly #options: RequestGuardOptions;
  readonly #requests: RateLimiter;
  readonly #upgrades: RateLimiter;

  constructor(options: RequestGuardOptions) {
    this.#options = options;
    this.#requests = new RateLimiter(options.limits.requestsPerSecond);
    this.#upgrades = new RateLimiter(options.limits.upgradesPerSecond);
  }

  /** By whom the request is and what it asks for, or why it is refused. It never throws. */
  admit(request: IncomingMessage, kind: 'request' | 'upgrade'): Admitted | UpgradeRefusal {
    const { access, trustProxy, clock, limits } = this.#options;
    const denial = access.denial(request);
    if (denial) return denial;
    const target = parseTarget(request.url);
    if (!target) return { status: 400, message: 'the target of the request is malformed' };
    if (target.authority !== undefined && !access.isKnownHost(target.authority)) {
      return { status: 403, message: 'the request is for another server' };
    }
    const client = clientAddress(request, trustProxy);
    const address = addressGroup(client);
    const isLoopback = isLoopbackAddress(client);
    const identity = access.identify(request);
    const admitted = { target, address, isLoopback, identity };
    // Who shows a valid token is known, and this machine is the owner's.
    const isExempt = isLoopback || (identity && !('status' in identity) && access.hasTokens);
    const limiter = kind === 'request' ? this.#requests : this.#upgrades;
    if (isExempt || limiter.take(address, clock.now())) return admitted;
    const perSecond = limits[kind === 'request' ? 'requestsPerSecond' : 'upgradesPerSecond'];
    return {
      status: 429,
      message: `at most ${perSecond} ${kind}s a second from one address`,
      headers: { 'Retry-After': String(Math.max(1, Math.ceil(1 / perSecond))) },
    };
  }
}
