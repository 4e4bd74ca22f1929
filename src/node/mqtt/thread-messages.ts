import type { ConnectionEvent } from '../../sources/connection-event.ts';
import type { Rejection } from '../../stream/rejection.ts';
import type { FeedOptions } from './feed.ts';
import type { MqttCounters } from './intake.ts';

/** What the thread of a client is told to do. */
export interface ClientSettings {
  readonly url: string;
  readonly options: FeedOptions;
}

/** What the thread of a client says beside its examples. */
export interface ClientNews {
  readonly counters?: MqttCounters;
  readonly rejection?: Rejection;
  readonly event?: ConnectionEvent;
}
