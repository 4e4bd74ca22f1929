import type { Broadcaster } from './broadcaster.ts';
import { type Channel, rateClass } from './channel.ts';
import { type Subscribe, type Topic, topics, type Unsubscribe } from './client-messages.ts';
import { closeCodes } from './close-codes.ts';
import type { StateTopic } from './encoding.ts';
import type { Log, LogEntry } from './log.ts';
import type { Outlet } from './outlet.ts';
import type { ErrorCode } from './server-messages.ts';

/** What a {@link LogSubscription} is made of. */
interface LogSubscriptionOptions {
  readonly sid: number;
  readonly topic: 'events' | 'errors';
  readonly log: Log;
  readonly outlet: Outlet;
  /** The number of the first entry that it wants. */
  readonly from: number;
  /** What happens when the log has forgotten what it wants. Default `reset`. */
  readonly onLag?: 'reset' | 'close' | undefined;
}

/** One subscriber of a log: a cursor. It gets every entry once, in order, or the number that it missed. */
class LogSubscription {
  readonly sid: number;
  readonly isIdle = true;
  readonly #options: LogSubscriptionOptions;
  #next: number;
  #lags = 0;

  constructor(options: LogSubscriptionOptions) {
    this.sid = options.sid;
    this.#options = options;
    this.#next = options.from;
  }

  /** How often the log dropped entries before it had them. */
  get lags(): number {
    return this.#lags;
  }

  /** Whether there is something that it has not been sent. */
  get isBehind(): boolean {
    return this.#next <= this.#options.log.last;
  }

  /** Sends on, as far as there is room. */
  offer(): void {
    const { log, outlet } = this.#options;
    while (this.isBehind && !outlet.isClosed) {
      if (this.#next < log.first) {
        if (!this.#lag(log.first - this.#next)) return;
        continue;
      }
      const text = this.#text(log.get(this.#next)!);
      if (!outlet.hasRoom(text.length)) return;
      this.#next += 1;
      outlet.push(text);
    }
  }

  /** An acknowledgement means nothing here: what is written to the socket is done. */
  acknowledged(): void {}

  close(): void {}

  #lag(missed: number): boolean {
    const { outlet, onLag = 'reset', log } = this.#options;
    this.#lags += 1;
    if (onLag === 'close') {
      outlet.close(closeCodes.lagged, `retryMs=500; missed ${missed} entries`);
      return false;
    }
    const text = JSON.stringify({ t: 'reset', sid: this.sid, missed, reason: 'lagged' });
    if (!outlet.hasRoom(text.length)) return false;
    this.#next = log.first;
    outlet.push(text);
    return true;
  }

  #text(entry: LogEntry): string {
    const { sid } = this;
    if (entry.whole?.sid !== sid) {
      const start = `{"t":"${this.#options.topic}","sid":${sid},"seq":${entry.seq},"at":${entry.at}`;
      entry.whole = { sid, text: start + entry.rest };
    }
    return entry.whole.text;
  }
}

/** How many acknowledgements in time make a narrowed window wide again. */
const timelyToWiden = 32;

/**
 * How many frames of one subscription may be unacknowledged. Looking at what the socket has
 * buffered bounds memory but not age: megabytes hide in kernels and proxies. Two frames on the
 * way are enough, except for a distant viewer, which gets as many as fit in an idle round trip.
 */
class CreditWindow {
  readonly #maxHz: number;
  readonly #fixed: number | undefined;
  readonly #unacknowledged: { readonly seq: number; readonly at: number }[] = [];
  #timely = timelyToWiden;

  constructor(maxHz: number, fixed?: number) {
    this.#maxHz = maxHz;
    this.#fixed = fixed;
  }

  /** Frames that were sent and not acknowledged. */
  get outstanding(): number {
    return this.#unacknowledged.length;
  }

  /** How wide it is, given the smallest round trip of an idle ping, in ms, as far as known. */
  size(idleRoundTripMs: number | undefined): number {
    if (this.#fixed !== undefined) return this.#fixed;
    if (idleRoundTripMs === undefined || this.#timely < timelyToWiden) return 2;
    const inOneRoundTrip = Math.ceil((this.#maxHz * idleRoundTripMs) / 1000);
    return Math.min(16, Math.max(2, inOneRoundTrip + 1));
  }

  sent(seq: number, at: number): void {
    this.#unacknowledged.push({ seq, at });
  }

  /** Frees this frame and all before it. One that was late narrows the window to two. */
  acknowledged(seq: number, now: number, idleRoundTripMs = 0): void {
    while (this.#unacknowledged.length > 0 && this.#unacknowledged[0]!.seq <= seq) {
      const { at } = this.#unacknowledged.shift()!;
      const isLate = now - at > 2 * idleRoundTripMs + 250;
      this.#timely = isLate ? 0 : this.#timely + 1;
    }
  }
}

/** What a {@link StateSubscription} is made of. */
interface StateSubscriptionOptions {
  readonly sid: number;
  readonly channel: Channel;
  readonly outlet: Outlet;
  /** The width that the client fixed. */
  readonly window?: number | undefined;
}

/** One subscriber of a state topic: the latest wins, as fast as it acknowledges. */
class StateSubscription {
  readonly sid: number;
  readonly #channel: Channel;
  readonly #outlet: Outlet;
  readonly #window: CreditWindow;
  #lastSent = 0;

  constructor({ sid, channel, outlet, window }: StateSubscriptionOptions) {
    this.sid = sid;
    this.#channel = channel;
    this.#outlet = outlet;
    this.#window = new CreditWindow(channel.maxHz, window);
    channel.subscribers.add(this);
  }

  /** Whether frames are unacknowledged. */
  get isIdle(): boolean {
    return this.#window.outstanding === 0;
  }

  /** Whether the version that is shown has not been sent: it waits for credit or for room. */
  get isBehind(): boolean {
    return this.#lastSent < this.#channel.seq;
  }

  /** Sends what the channel shows, if it is new and there are credit and room. */
  offer(now: number): void {
    if (!this.isBehind || this.#outlet.isClosed) return;
    if (this.#window.outstanding >= this.#window.size(this.#outlet.idleRoundTripMs)) return;
    const { encoding, seq } = this.#channel;
    if (!this.#outlet.hasRoom(encoding.size(this.#lastSent))) return;
    encoding.send(this.#outlet.peer, this.sid, this.#lastSent);
    this.#outlet.sent();
    this.#window.sent(seq, now);
    this.#lastSent = seq;
  }

  /** Takes an acknowledgement; what waits goes out on the credit that it gives. */
  acknowledged(seq: number, now: number): void {
    this.#window.acknowledged(seq, now, this.#outlet.idleRoundTripMs);
    this.offer(now);
  }

  close(): void {
    this.#channel.subscribers.delete(this);
  }
}

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
