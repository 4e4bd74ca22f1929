import { type Observable, type ObservableInput, ReplaySubject, share } from 'rxjs';
import type { Admin, FedSample, Topic } from '../broadcast/client-messages.ts';
import type { Predicted, Welcome } from '../broadcast/server-messages.ts';
import type {
  CostFrame,
  ErrorEntry,
  EventEntry,
  History,
  MetricsFrame,
  PredictionsFrame,
} from '../broadcast/topic-messages.ts';
import {
  Client,
  type ClientOptions,
  type Gap,
  type PredictOptions,
  type PredictRows,
} from './client.ts';
import type { FeedOptions, FeedProgress } from './feeder.ts';
import type { ConnectionState } from './link.ts';
import type { Weights } from './weights.ts';

/** Options of {@link connect}. */
export interface ConnectOptions extends ClientOptions {
  /** Ends the connection. */
  readonly signal?: AbortSignal;
}

/** A server’s model, as Observables. Each topic is asked for while somebody is subscribed to it. */
export interface Connection {
  /** How the connection is doing; the present state first. */
  readonly state: Observable<ConnectionState>;
  /** What the server said of itself and the model; anew after a reconnection or a change. */
  readonly welcome: Observable<Welcome>;
  readonly cost: Observable<CostFrame>;
  /** The curve so far, where `topics.cost.history` asks for it: with each subscription to `cost`. */
  readonly history: Observable<History['points']>;
  readonly metrics: Observable<MetricsFrame>;
  readonly weights: Observable<Weights>;
  readonly predictions: Observable<PredictionsFrame>;
  readonly events: Observable<EventEntry>;
  readonly errors: Observable<ErrorEntry>;
  /** What was lost on the way; nothing is lost without being told here. */
  readonly gaps: Observable<Gap>;
  /**
   * Predicts for vectors (arrays of numbers, null where one is missing) or records. Asked again by
   * itself when the connection is lost in between.
   */
  predict(rows: PredictRows, options?: PredictOptions): Promise<Predicted>;
  /**
   * Feeds samples while it is subscribed to, and tells what has arrived; completes when all has. It
   * keeps to the credit of the server, and loses nothing over a reconnection.
   */
  feed(samples: ObservableInput<FedSample>, options?: FeedOptions): Observable<FeedProgress>;
  /**
   * Steers the training, where the token allows it. Executed at most once: rejects with
   * {@link OutcomeUnknown} where the connection was lost before the answer and the server was restarted.
   */
  admin(op: Admin['op'], options?: { readonly perSecond?: number }): Promise<void>;
  close(): void;
}

/**
 * Connects to a server of models. It comes back by itself when the connection is lost, and goes on
 * where it stood; what was left out in between is told by `gaps`.
 */
export const connect = (url: string | URL, options: ConnectOptions = {}): Connection => {
  const client = new Client(url, options);
  const topic = <Value>(name: Topic, isState: boolean): Observable<Value> =>
    client
      .topic(name)
      .pipe(share(isState ? { connector: () => new ReplaySubject(1) } : {})) as Observable<Value>;
  options.signal?.addEventListener('abort', () => client.close(), { once: true });
  if (options.signal?.aborted) client.close();
  return {
    state: client.states,
    welcome: client.welcomes.asObservable(),
    cost: topic('cost', true),
    history: client.histories.asObservable(),
    metrics: topic('metrics', true),
    weights: topic('weights', true),
    predictions: topic('predictions', true),
    events: topic('events', false),
    errors: topic('errors', false),
    gaps: client.gaps.asObservable(),
    predict: (rows, question) => client.predict(rows, question),
    feed: (samples, feeding) => client.feed(samples, feeding),
    admin: (op, steering) => client.admin(op, steering),
    close: () => client.close(),
  };
};
