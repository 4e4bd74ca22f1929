import type { ConnectionEvent } from '../../../sources/connection-event.ts';
import type { Rejection } from '../../../stream/rejection.ts';
import type { CrossedError } from '../../threads/crossed-error.ts';
import type { PackedExamples } from '../../threads/packed-examples.ts';
import type { MqttFeedOptions } from './feed.ts';
import type { MqttCounters } from './intake.ts';

/** What the thread of a client is told to do. */
export interface ClientSettings {
  readonly url: string;
  readonly options: MqttFeedOptions;
}

/** What crosses to the thread of a client. */
export type ToClient =
  /** Of so many places of the oldest batch that is not settled the examples were taken. */
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
