import type { ChannelEncoding } from './encoding.ts';
import type { Version } from './version.ts';

/** The rates that frames are made at; what a client asks for is rounded down to one of them. */
export const rateClasses = [1, 2, 5, 10, 20, 30] as const;

/** The rate class of a wish in frames a second; the slowest for anything below 1. */
export const rateClass = (maxHz: number): number =>
  rateClasses.findLast((rate) => rate <= maxHz) ?? rateClasses[0];

/** What is offered each version that a channel shows. */
export interface Subscriber {
  offer(now: number): void;
}

/**
 * One state topic in one encoding at one rate, for all subscribers of these. It has one version at a
 * time: a subscriber that is not ready gets the version that is current when it is.
 */
export class Channel {
  readonly subscribers = new Set<Subscriber>();
  readonly encoding: ChannelEncoding;
  readonly maxHz: number;
  #version: Version | undefined;
  #dueAt = 0;

  constructor(encoding: ChannelEncoding, maxHz: number) {
    this.encoding = encoding;
    this.maxHz = maxHz;
  }

  /** The number of the version that is shown; 0 before the first. */
  get seq(): number {
    return this.#version?.seq ?? 0;
  }

  /** Whether another frame of the same state would bring its readers, or those to come, closer. */
  get isRough(): boolean {
    return this.encoding.isRough;
  }

  /** Shows this version when the time for the next has come, or at once when it `mustShow`. */
  advance(newest: Version, now: number): void {
    if (newest === this.#version || this.subscribers.size === 0) return;
    const isContinuation = this.#version?.epochTag === newest.epochTag;
    if (isContinuation && now < this.#dueAt) return;
    this.#version = newest;
    const interval = 1000 / this.maxHz;
    // Counted from the time that was due, so that a late timer does not slow the rate.
    this.#dueAt = now - this.#dueAt < interval ? this.#dueAt + interval : now + interval;
    this.encoding.advance(newest, now);
    for (const subscriber of this.subscribers) subscriber.offer(now);
  }
}
