import type { TSchema } from 'typebox';
import type { NamedPrediction } from '../learn/named-prediction.ts';
import {
  Ack,
  Admin,
  ClientHeartbeat,
  Explain,
  ExplainEnvelope,
  Feed,
  FeedEnvelope,
  Hello,
  Predict,
  PredictEnvelope,
  Subscribe,
  Unsubscribe,
} from './client-messages.ts';
import { finiteOrNull } from './describe.ts';
import type { Steering } from './model.ts';
import type { Requests } from './requests.ts';
import type { Named, Role, ServerMessage } from './server-messages.ts';
import type { Service } from './service.ts';
import type { Subscriptions } from './subscriptions.ts';

/** A reply without what the carrier adds to it: the `t` of the table and the `id` of the request. */
export type Answer = Readonly<Record<string, unknown>>;

/** What a request may act on, where it is more than a question to the model. */
export interface Conversation {
  readonly requests: Requests;
  readonly subscriptions: Subscriptions;
  /** Milliseconds, by the clock of the server. */
  readonly now: number;
  /** Takes an acknowledgement, or ends the connection if its epoch is long over. */
  acknowledge(message: Ack): void;
}

/** All that the protocol says of one message of a client. */
export interface RequestKind {
  /** The message as documented, in AsyncAPI too. */
  readonly schema: TSchema;
  /** What is validated when it comes, if parts of it are validated one by one later. Default: `schema`. */
  readonly envelope?: TSchema;
  /** The role that the client needs. Default: none. */
  readonly role?: Role;
  /** The messages that answer it, errors aside. Default: none does, nor an error. */
  readonly replies?: readonly [ServerMessage['t'], ...ServerMessage['t'][]];
  /** Whether it carries rows, so that its size has the limit of a message. Default: that of control messages. */
  readonly isBulk?: boolean;
  /** Whether `POST /v1/NAME` asks the same. Default false. */
  readonly http?: boolean;
}

/** A question to the model: it is answered once, with the first of its replies. */
export interface QuestionKind<Message> extends RequestKind {
  answer(message: Message, service: Service): Answer | Promise<Answer>;
}

/** A message that acts on the connection. */
export interface ActionKind<Message> extends RequestKind {
  handle(message: Message, conversation: Conversation): void;
}

const question = <Message>(kind: QuestionKind<Message>): QuestionKind<never> => kind;
const action = <Message>(kind: ActionKind<Message>): ActionKind<never> => kind;

/** A prediction with names as JSON has it. */
const finiteNamed = (named: NamedPrediction): Named => {
  if ('probabilities' in named) {
    return { ...named, probabilities: finiteValues(named.probabilities) } as Named;
  }
  const { value, interval, ...rest } = named;
  const bounds = interval && {
    interval: { low: finiteOrNull(interval.low), high: finiteOrNull(interval.high) },
  };
  return { value: finiteOrNull(value), ...bounds, ...rest } as Named;
};

/** JSON has no infinity: null stands for what is not finite. */
const finiteValues = (values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, finiteOrNull(value)]));

/**
 * Every message that a client may send, by its `t`. Validation, roles, dispatch, HTTP and the AsyncAPI
 * document follow from it.
 */
const requestTable = {
  hello: { schema: Hello, replies: ['welcome'] } satisfies RequestKind,
  hb: { schema: ClientHeartbeat } satisfies RequestKind,
  sub: action<Subscribe>({
    schema: Subscribe,
    role: 'read',
    replies: ['ok'],
    handle: (message, { subscriptions, now }) => subscriptions.open(message, now),
  }),
  ack: action<Ack>({
    schema: Ack,
    handle: (message, conversation) => conversation.acknowledge(message),
  }),
  unsub: action<Unsubscribe>({
    schema: Unsubscribe,
    replies: ['ok'],
    handle: (message, { subscriptions }) => subscriptions.close(message),
  }),
  predict: question<PredictEnvelope>({
    schema: Predict,
    envelope: PredictEnvelope,
    role: 'predict',
    replies: ['pred'],
    isBulk: true,
    http: true,
    async answer(message, service) {
      const { y, labels, step, named } = await service.predict(message);
      const rows = y.map((row) => Array.from(row, finiteOrNull));
      const names = {
        ...(labels && { labels: [...labels] }),
        ...(named && { named: named.map(finiteNamed) }),
      };
      return { y: rows, ...names, epoch: service.broadcaster.epoch.name, step };
    },
  }),
  explain: question<ExplainEnvelope>({
    schema: Explain,
    envelope: ExplainEnvelope,
    role: 'predict',
    replies: ['explained'],
    isBulk: true,
    http: true,
    async answer(message, service) {
      const { contributions, classes, step } = await service.ask('explain', message);
      const rows = contributions.map((outputs) => outputs.map(finiteValues));
      const named = classes ? { classes: [...classes] } : {};
      return { contributions: rows, ...named, epoch: service.broadcaster.epoch.name, step };
    },
  }),
  feed: action<FeedEnvelope>({
    schema: Feed,
    envelope: FeedEnvelope,
    role: 'feed',
    replies: ['fed'],
    isBulk: true,
    handle: (message, { requests }) => requests.feed(message),
  }),
  admin: question<Admin>({
    schema: Admin,
    role: 'admin',
    replies: ['ok'],
    async answer({ op, perSecond, once }, service) {
      const steering: Steering =
        op === 'rate' ? (perSecond === undefined ? { op } : { op, perSecond }) : { op };
      await service.steer(steering, once);
      return {};
    },
  }),
} as const;

/** The `t` of a message of a client. */
export type RequestName = keyof typeof requestTable;

/** All kinds, by their name, with what they may have. */
export const requestKinds: Readonly<
  Record<RequestName, RequestKind & Partial<QuestionKind<never> & ActionKind<never>>>
> = requestTable;
