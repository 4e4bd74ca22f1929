import { Observable, ReplaySubject, Subject, share } from 'rxjs';
import type { Topic } from '../broadcast/client-messages.ts';
import type { Ok, ServerMessage, Welcome } from '../broadcast/server-messages.ts';
import type {
  CostFrame,
  ErrorEntry,
  EventEntry,
  History,
  MetricsFrame,
  PredictionsFrame,
} from '../broadcast/topic-messages.ts';
import { type ConnectionState, Link, type LinkOptions } from './link.ts';
import { TopicFeed, type TopicOptions, type TopicValue } from './topic.ts';
import type { FrameContext, Weights } from './weights.ts';

/** Options of {@link connect}. */
export interface ConnectOptions extends LinkOptions {
  /** How topics are to come. Default: 10 frames a second, weights as q8. */
  readonly topics?: Readonly<Partial<Record<Topic, TopicOptions>>>;
  /** Ends the connection. */
  readonly signal?: AbortSignal;
}

/** The connection is over for good: the server said not to come back. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';
  readonly code: number | undefined;

  constructor({ reason, code }: ConnectionState) {
    super(reason);
    this.code = code;
  }
}

/** Something of a topic did not come. State topics have gone on from the present state. */
export interface Gap {
  readonly topic: Topic;
  /** How many entries are missing, where that is known. */
  readonly missed?: number;
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
  close(): void;
}

const defaultTopics: Readonly<Partial<Record<Topic, TopicOptions>>> = { weights: { enc: 'q8' } };

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
    close: () => client.close(),
  };
};

/** What stands behind a {@link Connection}. */
class Client {
  readonly welcomes = new ReplaySubject<Welcome>(1);
  readonly histories = new Subject<History['points']>();
  readonly gaps = new Subject<Gap>();
  readonly #link: Link;
  readonly #topics: ConnectOptions['topics'];
  readonly #feeds = new Map<TopicFeed, Subject<TopicValue>>();
  #points: History['points'] = [];
  #welcome: Welcome | undefined;
  #ending: ConnectionState | undefined;
  #lastId = 0;

  constructor(url: string | URL, options: ConnectOptions) {
    this.#topics = { ...defaultTopics, ...options.topics };
    this.#link = new Link(url, options, {
      welcomed: (welcome) => this.#welcomed(welcome),
      message: (message) => this.#receive(message),
      frame: (bytes) => this.#frame(bytes),
      lost: () => {},
      ended: (state) => this.#end(state),
    });
  }

  get states(): Observable<ConnectionState> {
    return this.#link.states;
  }

  close(): void {
    this.#link.close();
  }

  topic(name: Topic): Observable<TopicValue> {
    return new Observable((subscriber) => {
      const values = new Subject<TopicValue>();
      const subscription = values.subscribe(subscriber);
      if (this.#ending) {
        this.#finish(values, this.#ending);
        return subscription;
      }
      const feed = new TopicFeed(name, this.#topics?.[name] ?? {}, {
        listener: {
          value: (value) => values.next(value),
          gap: (missed) =>
            this.gaps.next(missed === undefined ? { topic: name } : { topic: name, missed }),
        },
        link: {
          send: (message) => this.#link.send(message),
          nextId: () => this.#nextId(),
        },
      });
      this.#feeds.set(feed, values);
      if (this.#link.isLive) feed.start();
      return () => {
        subscription.unsubscribe();
        this.#feeds.delete(feed);
        feed.stop();
      };
    });
  }

  #welcomed(welcome: Welcome): void {
    this.#welcome = welcome;
    this.welcomes.next(welcome);
    for (const feed of this.#feeds.keys()) feed.start();
  }

  #receive(message: ServerMessage): void {
    if (message.t === 'ok') this.#opened(message);
    else if (message.t === 'model') this.#modelChanged(message);
    else if (message.t === 'history') this.#historyCame(message);
    else if ('sid' in message && message.sid !== undefined)
      this.#feed(message.sid)?.message(message);
  }

  #opened(ok: Ok): void {
    for (const feed of this.#feeds.keys()) if (feed.opened(ok)) return;
    const { sid, seq } = ok;
    // Whoever asked for it has gone in the meantime.
    if (sid !== undefined && seq !== undefined) {
      this.#link.send({ t: 'unsub', id: this.#nextId(), sid });
    }
  }

  #modelChanged({ epoch, epochTag, step, model }: Extract<ServerMessage, { t: 'model' }>): void {
    if (!this.#welcome) return;
    this.#welcome = { ...this.#welcome, epoch, epochTag, step, model };
    for (const feed of this.#feeds.keys()) feed.epochChanged(epoch);
    this.welcomes.next(this.#welcome);
  }

  #historyCame({ points, last }: History): void {
    this.#points = this.#points.concat(points);
    if (!last) return;
    this.histories.next(this.#points);
    this.#points = [];
  }

  #frame(bytes: Uint8Array): void {
    if (bytes.byteLength < 12 || !this.#welcome) return;
    const sid = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
    const context: FrameContext = this.#welcome;
    this.#feed(sid)?.frame(bytes, context);
  }

  #feed(sid: number): TopicFeed | undefined {
    for (const feed of this.#feeds.keys()) if (feed.sid === sid) return feed;
    return undefined;
  }

  #end(state: ConnectionState): void {
    this.#ending = state;
    for (const values of [...this.#feeds.values()]) this.#finish(values, state);
    this.#feeds.clear();
    for (const subject of [this.welcomes, this.histories, this.gaps]) subject.complete();
  }

  #finish(values: Subject<TopicValue>, state: ConnectionState): void {
    if (state.code === undefined) values.complete();
    else values.error(new ConnectionClosed(state));
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
