import type { Broadcaster } from './broadcaster.ts';
import { rateClass } from './channel.ts';
import { type Subscribe, type Topic, topics, type Unsubscribe } from './client-messages.ts';
import type { StateTopic } from './encoding.ts';
import { LogSubscription } from './log-subscription.ts';
import type { Outlet } from './outlet.ts';
import type { ErrorCode } from './server-messages.ts';
import { StateSubscription } from './state-subscription.ts';

/** How often a frame comes where the client does not say. */
const defaultMaxHz = 10;

/** Points of a curve in one message, so that each stays well below 64 KB. */
const pointsPerMessage = 500;

const isTopic = (name: string): name is Topic => (topics as readonly string[]).includes(name);

/** All that one connection is subscribed to. */
export class Subscriptions {
  readonly #broadcaster: Broadcaster;
  readonly #outlet: Outlet;
  readonly #all = new Map<number, StateSubscription | LogSubscription>();
  #lastSid = 0;

  constructor(broadcaster: Broadcaster, outlet: Outlet) {
    this.#broadcaster = broadcaster;
    this.#outlet = outlet;
  }

  /** Whether no frame is unacknowledged. */
  get isIdle(): boolean {
    for (const subscription of this.#all.values()) if (!subscription.isIdle) return false;
    return true;
  }

  /** Opens one: `ok`, then the present state or the entries that were missed, then what follows. */
  open(message: Subscribe, now: number): void {
    const { topic } = message;
    if (!isTopic(topic)) {
      this.#refuse(message.id, 'unknown_topic', `the topics are ${topics.join(', ')}`);
    } else if (this.#all.size >= this.#outlet.limits.subscriptions) {
      const most = this.#outlet.limits.subscriptions;
      this.#refuse(message.id, 'limit', `at most ${most} subscriptions a connection`);
    } else if (topic === 'events' || topic === 'errors') {
      this.#openLog(message, topic);
    } else {
      this.#openState(message, topic, now);
    }
  }

  close({ id, sid }: Unsubscribe): void {
    const subscription = this.#all.get(sid);
    if (!subscription) {
      this.#refuse(id, 'unknown_sid', `there is no subscription ${sid}`);
      return;
    }
    subscription.close();
    this.#all.delete(sid);
    this.#outlet.reply({ t: 'ok', id, sid });
  }

  /** Takes an acknowledgement. One of a subscription that has just been closed means nothing. */
  acknowledged(sid: number, seq: number, now: number): void {
    this.#all.get(sid)?.acknowledged(seq, now);
  }

  /** Sends what waits and now has room. */
  offer(now: number): void {
    for (const subscription of this.#all.values()) {
      if (subscription.isBehind) subscription.offer(now);
    }
  }

  /** Counts how they are doing. */
  count(into: { live: number; conflated: number; lagged: number }): void {
    for (const subscription of this.#all.values()) {
      if (subscription instanceof LogSubscription && subscription.lags > 0) into.lagged += 1;
      else if (subscription.isBehind) into.conflated += 1;
      else into.live += 1;
    }
  }

  closeAll(): void {
    for (const subscription of this.#all.values()) subscription.close();
    this.#all.clear();
  }

  #openState(message: Subscribe, topic: StateTopic, now: number) {
    const { id, enc = 'f32', maxHz: wish = defaultMaxHz, window, history } = message;
    const maxHz = rateClass(wish);
    const channel = this.#broadcaster.channel(topic, { enc, maxHz });
    const sid = this.#nextSid();
    const outlet = this.#outlet;
    const subscription = new StateSubscription({ sid, channel, outlet, window });
    this.#all.set(sid, subscription);
    const { epoch, seq } = this.#broadcaster;
    outlet.reply({ t: 'ok', id, sid, epoch: epoch.name, seq, recovered: false, maxHz });
    if (topic === 'cost' && history) this.#sendCurve(sid, history.points);
    // The first subscriber of a channel makes it show the newest; for others it shows something.
    this.#broadcaster.tick();
    subscription.offer(now);
  }

  #openLog({ id, since, history, onLag }: Subscribe, topic: 'events' | 'errors'): void {
    const log = this.#broadcaster.logs[topic];
    const epoch = this.#broadcaster.epoch.name;
    const isRecovered =
      since?.epoch === epoch && since.seq + 1 >= log.first && since.seq <= log.last;
    const last = history?.points ?? 0;
    const from = isRecovered ? since.seq + 1 : Math.max(log.first, log.last - last + 1);
    const sid = this.#nextSid();
    const subscription = new LogSubscription({
      sid,
      topic,
      log,
      outlet: this.#outlet,
      from,
      onLag,
    });
    this.#all.set(sid, subscription);
    this.#outlet.reply({ t: 'ok', id, sid, epoch, seq: from - 1, recovered: isRecovered });
    subscription.offer();
  }

  #sendCurve(sid: number, pointsMax: number): void {
    const points = this.#broadcaster.curve(pointsMax);
    for (let i = 0; i === 0 || i < points.length; i += pointsPerMessage) {
      const part = points.slice(i, i + pointsPerMessage);
      const last = i + pointsPerMessage >= points.length;
      this.#outlet.continueReply(JSON.stringify({ t: 'history', sid, points: part, last }));
    }
  }

  #refuse(id: number, code: ErrorCode, message: string): void {
    this.#outlet.reply({ t: 'err', id, code, message });
  }

  #nextSid(): number {
    this.#lastSid += 1;
    return this.#lastSid;
  }
}
