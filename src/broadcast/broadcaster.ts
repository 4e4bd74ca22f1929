import type { Snapshot, StreamEvent } from '../snapshot/snapshot.ts';
import type { Rejection, RejectionSink } from '../stream/rejection.ts';
import { Channel } from './channel.ts';
import { CostCurve, type CurvePoint } from './cost-curve.ts';
import {
  describeCost,
  describeLayers,
  describeMetrics,
  describePredictions,
  type Gauges,
  noGauges,
} from './describe.ts';
import { type Encoding, encodingOf, type StateTopic } from './encoding.ts';
import { type Epoch, epochFrom } from './epoch.ts';
import { type EpochHistory, historyOf, type Logs, logsAfter } from './history.ts';
import { type Limits, limitsWith } from './limits.ts';
import type { Log } from './log.ts';
import { type ModelDescription, modelInfo, shapeKey } from './model-info.ts';
import type { Clock } from './peer.ts';
import type { ModelChanged, ModelInfo } from './server-messages.ts';
import { TokenBucket } from './token-bucket.ts';
import { type TextTopic, Version } from './version.ts';

/** The log of rejected samples: those beyond the limit per second are counted, not logged one by one. */
class RejectionLog {
  readonly log: Log;
  readonly #budget: TokenBucket;
  #suppressed = 0;

  constructor({ errorsPerSecond }: Limits, log: Log, now: number) {
    this.log = log;
    this.#budget = new TokenBucket(errorsPerSecond, now);
  }

  reject({ code, reason, index, id }: Rejection, now: number): void {
    if (!this.#budget.take(now)) {
      this.#suppressed += 1;
      return;
    }
    const name = id === undefined ? {} : { id };
    const suppressed = this.#suppressed;
    this.#suppressed = 0;
    this.log.append(now, { index, ...name, code, message: reason, suppressed });
  }
}

/** How fast a count grows, over about the last two seconds. */
class RateMeter {
  readonly #marks: { readonly at: number; readonly count: number }[] = [];

  /** Takes the count as it is now, and returns how many a second it grew by. */
  update(at: number, count: number): number {
    const marks = this.#marks;
    if (marks.length > 0 && count < marks.at(-1)!.count) marks.length = 0;
    if (marks.length === 0 || at - marks.at(-1)!.at >= 100) marks.push({ at, count });
    while (marks.length > 2 && at - marks[1]!.at >= 2_000) marks.shift();
    const first = marks[0]!;
    return at > first.at ? ((count - first.count) / (at - first.at)) * 1000 : 0;
  }
}

/** What a {@link Broadcaster} is made of. */
export interface BroadcasterOptions {
  /** The name of the model. */
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly clock: Clock;
  /** Returns a name for a history, different each time. First called by the constructor. */
  readonly nextEpoch: () => string;
  /** The history to resume, of a checkpoint. */
  readonly continued?: EpochHistory;
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<Limits>;
  /** What else is to be said of the model; asked anew for each snapshot, so it should be cheap. */
  readonly description?: () => ModelDescription;
  /** What the host knows of the process. */
  readonly gauges?: () => Gauges;
  /** Told of every rejection, also of those that the log suppresses. Default: nobody. */
  readonly rejected?: RejectionSink;
}

/** Who wants to know that the model is another: every session that shows it. */
export interface Watcher {
  modelChanged(message: ModelChanged): void;
  /** How its subscriptions are doing. */
  count(into: { live: number; conflated: number; lagged: number }): void;
}

/** One model on the air: takes snapshots, events and rejections, and gives them to subscribers. */
export class Broadcaster {
  /** The name of the model. */
  readonly name: string;
  /** Its limits, those that were given among the defaults. */
  readonly limits: Limits;
  /** The newest events and rejections. */
  readonly logs: Logs;
  /** The sessions that show it. */
  readonly watchers = new Set<Watcher>();
  readonly #options: BroadcasterOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #rate = new RateMeter();
  readonly #curve = new CostCurve();
  readonly #rejections: RejectionLog;
  #epoch: Epoch;
  #model: ModelInfo | undefined;
  #shape: string;
  #version: Version | undefined;
  #before: Snapshot | undefined;
  #samplesPerSecond = 0;
  #isFinite = true;
  #isNewEpoch = true;
  /** When the newest snapshot came, until its last difference has gone out. */
  #pausedAt = Number.POSITIVE_INFINITY;

  constructor(options: BroadcasterOptions) {
    this.#options = options;
    this.name = options.name;
    this.limits = limitsWith(options.limits);
    const { epoch = options.nextEpoch(), logs } = options.continued ?? {};
    this.logs = logsAfter(this.limits, logs);
    this.#rejections = new RejectionLog(this.limits, this.logs.errors, options.clock.now());
    this.#epoch = epochFrom(epoch, options.clock.now());
    this.#shape = shapeKey(undefined);
  }

  /** The history that its versions belong to. */
  get epoch(): Epoch {
    return this.#epoch;
  }

  /** What another process must know to continue this history. */
  get history(): EpochHistory {
    return historyOf(this.#epoch.name, this.logs);
  }

  /** The description of the model that clients receive. */
  get model(): ModelInfo {
    this.#model ??= modelInfo(this.name, undefined, this.#options.description?.());
    return this.#model;
  }

  /** The newest snapshot. */
  get snapshot(): Snapshot | undefined {
    return this.#version?.snapshot;
  }

  /** Samples learned, as of the newest snapshot. */
  get step(): number {
    return this.#version?.snapshot.step ?? 0;
  }

  /** The number of the newest version; 0 before the first. */
  get seq(): number {
    return this.#version?.seq ?? 0;
  }

  /** Samples a second over the last while. */
  get samplesPerSecond(): number {
    return this.#samplesPerSecond;
  }

  /** What the host knows of the process, as of now. */
  get gauges(): Gauges {
    return (this.#options.gauges ?? noGauges)();
  }

  /** The whole curve of the cost in at most `pointsMax` points. */
  curve(pointsMax: number): CurvePoint[] {
    return this.#curve.points(pointsMax);
  }

  /** Publishes the next snapshot. `at` is when it was taken, in ms since the Unix epoch. Default: now. */
  publish(snapshot: Snapshot, at = this.#options.clock.now()): void {
    if (snapshot.step < this.step && !this.#isNewEpoch) this.#startEpoch('the learner went back');
    this.#isNewEpoch = false;
    this.#fit(snapshot);
    this.#before = this.snapshot;
    this.#samplesPerSecond = this.#rate.update(at, snapshot.step);
    this.#curve.add(snapshot.step, snapshot.cost);
    this.#show(snapshot, at);
    this.#pausedAt = this.#options.clock.now();
  }

  /** Takes something that happened. After a rollback the history is another. */
  event(event: StreamEvent): void {
    if (event.kind === 'rollback') this.startEpoch(event.message);
    this.logs.events.append(this.#options.clock.now(), event);
  }

  /** Sends a changed description to clients, such as that the source has ended. */
  describedAnew(): void {
    this.#model = modelInfo(this.name, this.snapshot, this.#options.description?.());
    this.#tellModel();
  }

  /** Logs a rejected sample. Those beyond the limit per second are counted only. */
  reject(rejection: Rejection): void {
    this.#rejections.reject(rejection, this.#options.clock.now());
    this.#options.rejected?.next(rejection);
  }

  /** Begins a history that does not continue the one before: after a reset, say. */
  startEpoch(reason: string): void {
    this.#startEpoch(reason);
    // Shown again under the new tag, so that who joins now sees one epoch and not two.
    if (this.#version) this.#show(this.#version.snapshot, this.#version.at);
  }

  /** The channel for this topic, encoding and rate, made when first asked for. */
  channel(topic: StateTopic, { enc, maxHz }: { enc: Encoding; maxHz: number }): Channel {
    const key = topic === 'weights' ? `${topic}/${enc}/${maxHz}` : `${topic}/${maxHz}`;
    let channel = this.#channels.get(key);
    if (!channel) {
      const notFinite = (version: Version): void => this.#notFinite(version);
      const encoding = encodingOf(topic, enc, { ...this.limits, notFinite });
      channel = new Channel(encoding, maxHz);
      this.#channels.set(key, channel);
    }
    return channel;
  }

  /** Shows the newest version wherever the time for it has come. */
  tick(): void {
    if (!this.#version) return;
    const now = this.#options.clock.now();
    for (const channel of this.#channels.values()) channel.advance(this.#version, now);
    if (now - this.#pausedAt >= this.limits.closingMs) this.#showAgain(this.#version);
  }

  /**
   * Learning pauses: shows the same state once more where that brings somebody closer. A q8 difference
   * is within a part of the largest change; the one after it within that part of what was left.
   */
  #showAgain({ snapshot, at }: Version): void {
    this.#pausedAt = Number.POSITIVE_INFINITY;
    const channels = [...this.#channels.values()];
    if (channels.some((channel) => channel.isRough)) this.#show(snapshot, at);
  }

  #show(snapshot: Snapshot, at: number): void {
    const describe = this.#describe.bind(this);
    this.#version = new Version({
      snapshot,
      seq: this.seq + 1,
      at,
      epochTag: this.#epoch.tag,
      describe,
    });
    this.tick();
  }

  #fit(snapshot: Snapshot): void {
    const shape = shapeKey(snapshot);
    const description = this.#options.description?.();
    const isOfSameShape = shape === this.#shape;
    // A learner may be made wider than the features that it has seen so far.
    if (isOfSameShape && description?.inputs === this.model.inputs) return;
    this.#shape = shape;
    this.#model = modelInfo(this.name, snapshot, description);
    if (this.#version && !isOfSameShape) this.#startEpoch('the shape of the model changed');
    else this.#tellModel();
  }

  #startEpoch(reason: string): void {
    const now = this.#options.clock.now();
    this.#epoch = epochFrom(this.#options.nextEpoch(), now);
    this.#isFinite = true;
    this.#isNewEpoch = true;
    this.#tellModel();
    const { step } = this;
    const detail = { epoch: this.#epoch.name };
    this.logs.events.append(now, { kind: 'epoch', step, message: reason, detail });
  }

  #tellModel(): void {
    const { step, model } = this;
    const { name: epoch, tag: epochTag } = this.#epoch;
    for (const watcher of this.watchers) {
      watcher.modelChanged({ t: 'model', epoch, epochTag, step, model });
    }
  }

  #notFinite(version: Version): void {
    if (!this.#isFinite) return;
    this.#isFinite = false;
    const { step } = version.snapshot;
    this.event({ kind: 'error', step, message: 'a parameter is not finite' });
  }

  #describe(topic: TextTopic, { snapshot }: Version): object {
    if (topic === 'cost') return describeCost(snapshot);
    if (topic === 'predictions') return describePredictions(snapshot, this.limits.predictionItems);
    const subscribers = { live: 0, conflated: 0, lagged: 0 };
    for (const watcher of this.watchers) watcher.count(subscribers);
    return describeMetrics(snapshot, {
      ...this.gauges,
      samplesPerSecond: this.#samplesPerSecond,
      layers: describeLayers(snapshot, this.#before),
      viewers: this.watchers.size,
      subscribers,
    });
  }
}
