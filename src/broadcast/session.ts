import type { Watcher } from './broadcaster.ts';
import type { Ack, Hello } from './client-messages.ts';
import { closeCodes } from './close-codes.ts';
import { type Identity, maySee } from './identity.ts';
import type { Limits } from './limits.ts';
import { Outlet } from './outlet.ts';
import { BadMessage, type ClientMessage, parseClientMessage } from './parse.ts';
import type { Clock, Peer } from './peer.ts';
import { type Conversation, requestKinds } from './request-table.ts';
import { Requests } from './requests.ts';
import type { ModelChanged, Role } from './server-messages.ts';
import type { Service } from './service.ts';
import { Subscriptions } from './subscriptions.ts';
import { TokenBucket } from './token-bucket.ts';

/** What this server can do, as `welcome` says. */
export const capabilities = ['bin', 'q8', 'xor'];

/** How long a breach of a limit is remembered. */
const breachMs = 10_000;

/** A client that is admitted to a model. */
export interface Admission {
  readonly identity: Identity;
  readonly service: Service;
}

/** Why a client is not admitted. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

/** What a session needs of the server that it belongs to. */
export interface SessionHost {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly services: readonly Service[];
  /** The name of this run of the server. */
  readonly instance: string;
  /** A name for a session, different each time. */
  nextSession(): string;
  /** Whether this `hello` is admitted: to which model, as whom; or why not. */
  admit(hello: Hello, shown: Identity | undefined): Admission | Refusal;
  /** The session has ended. */
  leave(session: Session): void;
}

/** What a {@link Session} is made of. */
export interface SessionOptions {
  readonly peer: Peer;
  readonly host: SessionHost;
  /** Who it is, where that was shown before the first message. */
  readonly identity: Identity | undefined;
}

/** One connection: what it may do, what it is subscribed to, what it asked for. */
export class Session implements Watcher {
  readonly #host: SessionHost;
  readonly #outlet: Outlet;
  readonly #since: number;
  readonly #messages: TokenBucket;
  #breaches: number[] = [];
  #identity: Identity | undefined;
  #service: Service | undefined;
  #subscriptions: Subscriptions | undefined;
  /** What requests act on, from `hello` on. */
  #conversation: Conversation | undefined;

  constructor({ peer, host, identity }: SessionOptions) {
    const { clock, limits } = host;
    this.#host = host;
    this.#identity = identity;
    this.#since = clock.now();
    this.#messages = new TokenBucket(limits.messagesPerSecond, this.#since);
    this.#outlet = new Outlet({ peer, clock, limits });
  }

  /** Takes a text message. */
  receive(text: string): void {
    if (this.#outlet.isClosed) return;
    if (!this.#messages.take(this.#host.clock.now())) {
      this.#breach();
      return;
    }
    let message: ClientMessage;
    try {
      message = parseClientMessage(text);
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      this.close(closeCodes.badMessage, error.message);
      return;
    }
    if (!requestKinds[message.t].isBulk && text.length > this.#host.limits.controlBytes) {
      this.close(closeCodes.tooLarge, 'the message is too large');
    } else if (message.t === 'hello') this.#greet(message as Hello);
    else if (!this.#conversation) this.close(closeCodes.badMessage, 'hello comes first');
    else this.#handle(message, this.#conversation);
  }

  /** A binary message: no client sends one. */
  receiveBinary(): void {
    this.close(closeCodes.badMessage, 'clients send text only');
  }

  pong(): void {
    this.#outlet.pong();
  }

  /** The carrier is gone. */
  closed(): void {
    this.#outlet.closed();
    this.#subscriptions?.closeAll();
    this.#service?.broadcaster.watchers.delete(this);
    this.#host.leave(this);
  }

  /** Closes with a code and a reason, of which the first 120 bytes are sent. */
  close(code: number, reason: string): void {
    this.#outlet.close(code, reason);
    this.closed();
  }

  modelChanged(message: ModelChanged): void {
    this.#outlet.reply(message);
  }

  count(into: { live: number; conflated: number; lagged: number }): void {
    this.#subscriptions?.count(into);
  }

  /** Sends what waits and now has room. */
  offer(now: number): void {
    this.#subscriptions?.offer(now);
  }

  /** Ends what took too long, and keeps the connection alive. */
  keepAlive(now: number): void {
    if (!this.#subscriptions) {
      if (now - this.#since >= this.#host.limits.helloMs) {
        this.close(closeCodes.noHello, 'no hello');
      }
      return;
    }
    if (now >= (this.#identity?.expiresAt ?? Number.POSITIVE_INFINITY)) {
      this.close(closeCodes.tokenExpired, 'the token has expired');
      return;
    }
    this.#outlet.keepAlive(this.#subscriptions.isIdle);
    if (this.#outlet.isClosed) this.closed();
  }

  #greet(hello: Hello): void {
    if (this.#subscriptions) {
      this.close(closeCodes.badMessage, 'a second hello');
      return;
    }
    const admission = this.#host.admit(hello, this.#identity);
    if ('code' in admission) {
      this.close(admission.code, admission.reason);
      return;
    }
    const { identity, service } = admission;
    this.#identity = identity;
    this.#service = service;
    const subscriptions = new Subscriptions(service.broadcaster, this.#outlet);
    this.#subscriptions = subscriptions;
    const { clock } = this.#host;
    this.#conversation = {
      requests: new Requests(service, this.#outlet),
      subscriptions,
      get now() {
        return clock.now();
      },
      acknowledge: (message) => this.#acknowledge(message, subscriptions),
    };
    service.broadcaster.watchers.add(this);
    this.#welcome(service, identity.roles);
    // Before any frame is on the way: its round trip is the measure for the windows.
    this.#outlet.ping(true);
  }

  #welcome({ broadcaster }: Service, roles: readonly Role[]): void {
    const { epoch, step, model } = broadcaster;
    const { limits, services, instance } = this.#host;
    const seen = services.map(({ name }) => name).filter((name) => maySee(this.#identity!, name));
    this.#outlet.reply({
      t: 'welcome',
      v: 1,
      session: this.#host.nextSession(),
      instance,
      epoch: epoch.name,
      epochTag: epoch.tag,
      model,
      models: seen,
      step,
      roles: [...roles],
      limits: { ...limits },
      hb: limits.hbMs,
      caps: capabilities,
    });
  }

  #handle(message: ClientMessage, conversation: Conversation): void {
    const kind = requestKinds[message.t];
    const { role, isBulk = false, replies } = kind;
    const { id = 0 } = message as { readonly id?: number };
    if (role !== undefined && !this.#may(role, id)) return;
    if (kind.answer) {
      const answer = (service: Service) => kind.answer!(message as never, service);
      conversation.requests.answer(id, { reply: replies![0], isBulk, answer });
    } else kind.handle?.(message as never, conversation);
  }

  #acknowledge({ sid, seq, epoch }: Ack, subscriptions: Subscriptions): void {
    const now = this.#host.clock.now();
    const { name, at } = this.#service!.broadcaster.epoch;
    const isOld = epoch !== undefined && epoch !== name;
    if (isOld && now - at > this.#host.limits.resyncMs) {
      this.close(closeCodes.resync, 'the epoch is over');
      return;
    }
    subscriptions.acknowledged(sid, seq, now);
  }

  #may(role: Role, id: number): boolean {
    if (this.#identity!.roles.includes(role)) return true;
    const message = `the role ${role} is needed`;
    this.#outlet.reply({ t: 'err', id, code: 'forbidden', message });
    return false;
  }

  #breach(): void {
    const now = this.#host.clock.now();
    this.#breaches = this.#breaches.filter((at) => now - at < breachMs);
    this.#breaches.push(now);
    if (this.#breaches.length >= this.#host.limits.breaches) {
      this.close(closeCodes.abuse, 'too many messages');
      return;
    }
    const message = `at most ${this.#host.limits.messagesPerSecond} messages a second`;
    this.#outlet.reply({ t: 'err', code: 'limit', message, retryMs: 1000 });
  }
}
