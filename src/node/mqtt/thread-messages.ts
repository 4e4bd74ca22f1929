import type { ConnectionEvent } from '../../sources/connection-event.ts';
import type { CrossedError } from '../worker/messages.ts';
import type { FeedOptions } from './feed.ts';
import type { PackedMessages } from './packed-messages.ts';

/** What the thread of a client is told to do. All of it can be cloned. */
export interface ClientSettings {
  readonly url: string;
  readonly options: Omit<FeedOptions, 'events'>;
}

/** What crosses to the thread of a client. */
export type ToClient =
  /** So many messages of the oldest batch that is not settled were learned from. */
  { readonly kind: 'learned'; readonly count: number } | { readonly kind: 'stop' };

/** What crosses from the thread of a client. */
export type FromClient =
  | { readonly kind: 'messages'; readonly packed: PackedMessages }
  | { readonly kind: 'event'; readonly event: ConnectionEvent }
  | { readonly kind: 'failed'; readonly error: CrossedError };
