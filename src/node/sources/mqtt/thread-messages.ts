import type { ConnectionEvent } from '../../../sources/connection-event.ts';
import type { Rejection } from '../../../stream/rejection.ts';
import type { CrossedError } from '../../threads/crossed-error.ts';
import type { PackedExamples } from '../../threads/packed-examples.ts';
import type { MqttFeedOptions } from './feed.ts';
import type { MqttCounters } from './intake.ts';

/** The settings of the thread of a client. */
export interface ClientSettings {
  readonly url: string;
  readonly options: MqttFeedOptions;
}

/** What crosses to the thread of a client. */
export type ToClient =
  /** The first `count` examples of the oldest pending batch were consumed. */
  { readonly kind: 'taken'; readonly count: number } | { readonly kind: 'stop' };

/** What crosses from the thread of a client. */
export type FromClient =
  | { readonly kind: 'batch'; readonly packed: PackedExamples; readonly counters: MqttCounters }
  | {
      readonly kind: 'rejection';
      readonly rejection: Rejection;
      readonly raw: unknown;
      readonly counters: MqttCounters;
    }
  | { readonly kind: 'event'; readonly event: ConnectionEvent }
  | { readonly kind: 'failed'; readonly error: CrossedError };
