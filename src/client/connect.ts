import { Observable, type ObservableInput, ReplaySubject, Subject, share } from 'rxjs';
import type { Admin, FedSample, Topic } from '../broadcast/client-messages.ts';
import type {
  Err,
  Explained,
  Ok,
  Predicted,
  ServerMessage,
  Welcome,
} from '../broadcast/server-messages.ts';
import type {
  CostFrame,
  ErrorEntry,
  EventEntry,
  History,
  MetricsFrame,
  PredictionsFrame,
} from '../broadcast/topic-messages.ts';
import { ConnectionClosed } from './connection-closed.ts';
import { type Feeder, type FeedOptions, type FeedProgress, feeding } from './feeder.ts';
import { type ConnectionState, Link, type LinkOptions } from './link.ts';
import { madeUp } from './made-up.ts';
import { type Question, Questions, type Reply } from './questions.ts';
import { pointsMax, tooManyPoints } from './read-message.ts';
import { TopicFeed, type TopicOptions, type TopicValue } from './topic.ts';
import type { FrameContext, Weights } from './weights.ts';

/** Options of a {@link Client}. */
export interface ClientOptions extends LinkOptions {
  /** How topics are to come. Default: 10 frames a second, weights as q8. */
  readonly topics?: Readonly<Partial<Record<Topic, TopicOptions>>>;
}

/** What to predict for: vectors, or records. */
export type PredictRows =
  | readonly (readonly (number | null)[])[]
  | readonly Readonly<Record<string, unknown>>[];

/** Options of a prediction. */
export interface PredictOptions {
  /** One a row: the label can then follow by its id. */
  readonly ids?: readonly string[];
  /** Whether the answer has `named` too: probabilities by class, or the number with its interval. Default false. */
  readonly named?: boolean;
  /** The number of samples that the model must have learned: ≥ 0. */
  readonly minStep?: number;
  /** Gives the answer up when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Options of an explanation. */
export type ExplainOptions = Omit<PredictOptions, 'ids' | 'named'>;

/** A part of a topic was lost. State topics continue from the present state. */
export interface Gap {
  /** The topic that lacks something. */
  readonly topic: Topic;
  /** How many entries are missing, where that is known. */
  readonly missed?: number;
}

const defaultTopics: Readonly<Partial<Record<Topic, TopicOptions>>> = { weights: { enc: 'q8' } };

/** The implementation of a {@link Connection}. */
class Client {
  readonly welcomes = new ReplaySubject<Welcome>(1);
  readonly histories = new Subject<History['points']>();
  readonly gaps = new Subject<Gap>();
  readonly #link: Link;
  readonly #topics: ClientOptions['topics'];
  readonly #feeds = new Map<TopicFeed, Subject<TopicValue>>();
  readonly #feeders = new Map<Feeder, (error: Error) => void>();
  readonly #questions = new Questions((question) => this.#link.send(question));
  #points: History['points'] = [];
  #welcome: Welcome | undefined;
  #ending: ConnectionState | undefined;
  #lastId = 0;

  constructor(url: string | URL, options: ClientOptions) {
    this.#topics = { ...defaultTopics, ...options.topics };
    this.#link = new Link(url, options, {
      welcomed: (welcome) => this.#welcomed(welcome),
      message: (message) => this.#receive(message),
      frame: (bytes) => this.#frame(bytes),
      lost: () => {
        for (const feeder of this.#feeders.keys()) feeder.lost();
      },
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

  predict(
    rows: PredictRows,
    { ids, named, signal, ...options }: PredictOptions = {},
  ): Promise<Predicted> {
    const question = {
      ...this.#rows(rows, options),
      ...(ids && { ids: [...ids] }),
      ...(named && { named }),
    };
    return this.#ask({ t: 'predict', ...question }, 'pred', signal);
  }

  explain(rows: PredictRows, { signal, ...options }: ExplainOptions = {}): Promise<Explained> {
    return this.#ask({ t: 'explain', ...this.#rows(rows, options) }, 'explained', signal);
  }

  async admin(op: Admin['op'], { perSecond }: { readonly perSecond?: number } = {}): Promise<void> {
    const limit = perSecond === undefined ? {} : { perSecond };
    await this.#ask({ t: 'admin', id: this.#nextId(), op, ...limit, once: madeUp() }, 'ok');
  }

  /** A question about rows, as it is sent. */
  #rows(rows: PredictRows, { minStep }: Pick<PredictOptions, 'minStep'>) {
    const isVectors = Array.isArray(rows[0]);
    return {
      id: this.#nextId(),
      ...(isVectors ? { x: rows as number[][] } : { features: rows as Record<string, unknown>[] }),
      ...(minStep !== undefined && { minStep }),
    };
  }

  feed(samples: ObservableInput<FedSample>, options: FeedOptions = {}): Observable<FeedProgress> {
    return feeding(samples, options, {
      sendText: (message) => this.#link.sendText(message),
      nextId: () => this.#nextId(),
      join: (feeder, fail) => {
        if (this.#ending) {
          fail(new ConnectionClosed(this.#ending));
          return;
        }
        this.#feeders.set(feeder, fail);
        if (this.#link.isLive) feeder.connected(this.#welcome?.limits ?? {});
      },
      leave: (feeder) => this.#feeders.delete(feeder),
    });
  }

  #ask<T extends Reply['t']>(
    question: Question,
    reply: T,
    signal?: AbortSignal,
  ): Promise<Extract<Reply, { t: T }>> {
    if (this.#ending) return Promise.reject(new ConnectionClosed(this.#ending));
    return this.#questions.ask(question, reply, signal);
  }

  #welcomed(welcome: Welcome): void {
    this.#welcome = welcome;
    this.#points = [];
    this.welcomes.next(welcome);
    for (const feed of this.#feeds.keys()) feed.start();
    this.#questions.askAgain(welcome.instance);
    for (const feeder of this.#feeders.keys()) feeder.connected(welcome.limits);
  }

  #receive(message: ServerMessage): void {
    if (message.t === 'ok') this.#opened(message);
    else if (message.t === 'model') this.#modelChanged(message);
    else if (message.t === 'history') this.#historyCame(message);
    else if (message.t === 'fed' || message.t === 'err') this.#answered(message);
    else if ('sid' in message && message.sid !== undefined)
      this.#feed(message.sid)?.message(message);
    else if ('id' in message) this.#questions.answered(message as Reply);
  }

  #answered(answer: Extract<ServerMessage, { t: 'fed' }> | Err): void {
    if (answer.t === 'err' && this.#questions.answered(answer)) return;
    for (const feeder of this.#feeders.keys()) if (feeder.answered(answer)) return;
  }

  #opened(ok: Ok): void {
    if (this.#questions.answered(ok)) return;
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
    if (this.#points.length + points.length > pointsMax) throw tooManyPoints();
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
    const error = new ConnectionClosed(state);
    this.#questions.fail(error);
    for (const fail of [...this.#feeders.values()]) fail(error);
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

/** Options of {@link connect}. */
export interface ConnectOptions extends ClientOptions {
  /** Ends the connection. */
  readonly signal?: AbortSignal;
}

/** A server’s model, as Observables. Each topic is requested while it has a subscriber. */
export interface Connection {
  /** How the connection is doing; the present state first. */
  readonly state: Observable<ConnectionState>;
  /** What the server said of itself and the model; anew after a reconnection or a change. */
  readonly welcome: Observable<Welcome>;
  /** J_total and the windowed cost; the newest first. */
  readonly cost: Observable<CostFrame>;
  /** The curve so far, where `topics.cost.history` asks for it: with each subscription to `cost`. */
  readonly history: Observable<History['points']>;
  /** Metrics, rates and the process of the server; the newest first. */
  readonly metrics: Observable<MetricsFrame>;
  /** All parameters; the newest first. */
  readonly weights: Observable<Weights>;
  /** The newest predictions beside their targets. */
  readonly predictions: Observable<PredictionsFrame>;
  /** What happened: drifts, overloads, checkpoints, requests of an admin. */
  readonly events: Observable<EventEntry>;
  /** Samples that were rejected. */
  readonly errors: Observable<ErrorEntry>;
  /** Reports everything that was lost on the way. */
  readonly gaps: Observable<Gap>;
  /**
   * Predicts for vectors (arrays of numbers, null where one is missing) or records. Asked again by
   * itself when the connection is lost in between.
   */
  predict(rows: PredictRows, options?: PredictOptions): Promise<Predicted>;
  /**
   * What each feature contributes to the prediction for each row, output by output: to the log odds
   * of a class, to the number of a regression. Rejects with a {@link RequestFailed} `unsupported`
   * where the learner cannot tell.
   */
  explain(rows: PredictRows, options?: ExplainOptions): Promise<Explained>;
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
  /** Ends the connection for good. */
  close(): void;
}

/**
 * Connects to a server of models. It reconnects when the connection is lost and resumes each topic from
 * its offset; `gaps` reports what was lost in between.
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
    explain: (rows, question) => client.explain(rows, question),
    feed: (samples, feeding) => client.feed(samples, feeding),
    admin: (op, steering) => client.admin(op, steering),
    close: () => client.close(),
  };
};
