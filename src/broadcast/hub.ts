import type { Hello } from './client-messages.ts';
import { closeCodes } from './close-codes.ts';
import { type Identity, maySee } from './identity.ts';
import { type Limits, limitsWith } from './limits.ts';
import type { Clock, Peer } from './peer.ts';
import { type ServedModel, Service } from './service.ts';
import { type Admission, type Refusal, Session, type SessionHost } from './session.ts';

/** What a {@link Hub} is made of. */
export interface HubOptions {
  /** The models; the first is the one that a client gets who names none. */
  readonly models: readonly ServedModel[];
  readonly clock: Clock;
  /** A name for a session, different each time. */
  readonly nextSession: () => string;
  /** A number in [0, 1): spreads the returns of clients that are sent away at once. */
  readonly random: () => number;
  /** Whose token this is. */
  readonly authenticate: (token: string) => Identity | undefined;
  readonly limits?: Partial<Limits>;
}

/** All connections of a server, without their sockets. */
export class Hub implements SessionHost {
  readonly options: HubOptions;
  readonly limits: Limits;
  readonly sessions = new Set<Session>();
  readonly services: readonly Service[];
  /** The name of this run of the server. */
  readonly instance: string;
  #housekeepingAt = 0;

  constructor(options: HubOptions) {
    if (options.models.length === 0) throw new RangeError('a hub needs at least one model');
    this.options = options;
    this.limits = limitsWith(options.limits);
    this.instance = options.nextSession();
    this.services = options.models.map((served) => new Service(served, this.limits));
    const names = new Set(this.services.map(({ name }) => name));
    if (names.size < this.services.length) throw new RangeError('two models have the same name');
  }

  /** The model of that name, or the first. */
  service(name: string | undefined): Service | undefined {
    const { services } = this;
    return name === undefined ? services[0] : services.find((service) => service.name === name);
  }

  /** Whether this `hello` may come in: to which model, as whom; or why not. */
  admit(hello: Hello, shown: Identity | undefined): Admission | Refusal {
    if (hello.v !== 1) return { code: closeCodes.badVersion, reason: 'only version 1 is spoken' };
    const { auth } = hello;
    const identity = auth === undefined ? shown : this.options.authenticate(auth);
    if (!identity) return { code: closeCodes.notAuthenticated, reason: 'a valid token is needed' };
    const service = this.service(hello.model);
    if (service && maySee(identity, service.name)) return { identity, service };
    const reason = `no model ${hello.model ?? service?.name} for this token`;
    return { code: closeCodes.notAllowed, reason };
  }

  /** Takes a connection. Without an identity it must authenticate in its `hello`. */
  connect(peer: Peer, identity?: Identity): Session {
    const session = new Session({ peer, host: this, identity });
    this.sessions.add(session);
    return session;
  }

  leave(session: Session): void {
    this.sessions.delete(session);
  }

  get clock(): Clock {
    return this.options.clock;
  }

  nextSession(): string {
    return this.options.nextSession();
  }

  /** To be called every few milliseconds: shows what is due, and looks after the connections. */
  tick(): void {
    const now = this.options.clock.now();
    for (const { broadcaster } of this.services) broadcaster.tick();
    for (const session of this.sessions) session.offer(now);
    if (now - this.#housekeepingAt < 250) return;
    this.#housekeepingAt = now;
    for (const session of this.sessions) session.keepAlive(now);
    for (const { broadcaster } of this.services) {
      broadcaster.logs.events.forget(now);
      broadcaster.logs.errors.forget(now);
    }
  }

  /** Sends everybody away, with a time to come back that differs from one to the next. */
  stop(spreadMs = 5_000): void {
    for (const session of this.sessions) {
      const retryMs = Math.round(500 + this.options.random() * spreadMs);
      session.close(closeCodes.stopping, `retryMs=${retryMs}; the server is stopping`);
    }
  }
}
