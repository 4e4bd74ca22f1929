import { type Static, Type } from 'typebox';

const RequestId = Type.Integer({
  minimum: 0,
  maximum: 0xffffffff,
  description: 'Chosen by the client; the reply repeats it.',
});
const Sid = Type.Integer({
  minimum: 1,
  maximum: 0xffffffff,
  description: 'The subscription, as `ok` named it.',
});
const Name = Type.String({ minLength: 1, maxLength: 128 });
const Vector = Type.Array(Type.Union([Type.Number(), Type.Null()]), {
  description: 'One number a feature; null where it is missing.',
});
const Features = Type.Record(Type.String(), Type.Unknown(), {
  description: 'Features by name: numbers, text (a category), booleans; absent or null is missing.',
});

/** The topics that can be subscribed to. */
export const topics = ['cost', 'metrics', 'weights', 'predictions', 'events', 'errors'] as const;
/** A topic that can be subscribed to. */
export type Topic = (typeof topics)[number];

/** An offset in the history of a topic, to resume from. */
export const Since = Type.Object({ epoch: Type.String(), seq: Type.Integer({ minimum: 0 }) });
export type Since = Static<typeof Since>;

/** The first message of a client. */
export const Hello = Type.Object({
  t: Type.Literal('hello'),
  v: Type.Integer({ description: 'The major version of the protocol: 1.' }),
  client: Type.Optional(Type.Object({ name: Name, version: Type.Optional(Name) })),
  auth: Type.Optional(Type.String({ maxLength: 4096, description: 'The token.' })),
  model: Type.Optional(Name),
  caps: Type.Optional(Type.Array(Name, { maxItems: 32 })),
});
export type Hello = Static<typeof Hello>;

/** Asks for a topic from now on. */
export const Subscribe = Type.Object({
  t: Type.Literal('sub'),
  id: RequestId,
  topic: Type.String({ maxLength: 128, examples: [...topics] }),
  enc: Type.Optional(Type.Enum(['f32', 'q8', 'xor'])),
  maxHz: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1000 })),
  window: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })),
  since: Type.Optional(Since),
  history: Type.Optional(Type.Object({ points: Type.Integer({ minimum: 1, maximum: 2000 }) })),
  onLag: Type.Optional(Type.Enum(['reset', 'close'])),
});
export type Subscribe = Static<typeof Subscribe>;

/** Acknowledges a frame of a state topic, and all before it. */
export const Ack = Type.Object({
  t: Type.Literal('ack'),
  sid: Sid,
  seq: Type.Integer({ minimum: 0 }),
  epoch: Type.Optional(Type.String()),
});
export type Ack = Static<typeof Ack>;

/** Ends a subscription. */
export const Unsubscribe = Type.Object({ t: Type.Literal('unsub'), id: RequestId, sid: Sid });
export type Unsubscribe = Static<typeof Unsubscribe>;

/** A sign of life, where a client has nothing else to say. */
export const ClientHeartbeat = Type.Object({ t: Type.Literal('hb') });

/** Asks for predictions: of vectors, or of records. */
export const Predict = Type.Object({
  t: Type.Literal('predict'),
  id: RequestId,
  x: Type.Optional(Type.Array(Vector, { minItems: 1 })),
  features: Type.Optional(Type.Array(Features, { minItems: 1 })),
  ids: Type.Optional(
    Type.Array(Name, { description: 'One a row: kept, so that the label can follow by id.' }),
  ),
  named: Type.Optional(
    Type.Boolean({ description: 'Asks for `named` too: probabilities by class, or an interval.' }),
  ),
  minStep: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type Predict = Static<typeof Predict>;

/** Asks what each feature contributes to the prediction for each row. */
export const Explain = Type.Object({
  t: Type.Literal('explain'),
  id: RequestId,
  x: Predict.properties.x,
  features: Predict.properties.features,
  minStep: Predict.properties.minStep,
});
export type Explain = Static<typeof Explain>;

/** One observation to learn from: x and y, or features and target, or id and the late label. */
export const FedSample = Type.Object({
  x: Type.Optional(Vector),
  y: Type.Optional(Type.Array(Type.Number())),
  features: Type.Optional(Features),
  target: Type.Optional(Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
  id: Type.Optional(Name),
  time: Type.Optional(Type.Number()),
  weight: Type.Optional(Type.Number({ minimum: 0 })),
});
export type FedSample = Static<typeof FedSample>;

/** Samples to learn from. With a producer and a first number a retry is harmless. */
export const Feed = Type.Object({
  t: Type.Literal('feed'),
  id: RequestId,
  producer: Type.Optional(Name),
  first: Type.Optional(Type.Integer({ minimum: 1 })),
  samples: Type.Array(FedSample, { minItems: 1 }),
  ack: Type.Optional(Type.Enum(['accepted', 'learned', 'durable'])),
});
export type Feed = Static<typeof Feed>;

/** Steers the training. */
export const Admin = Type.Object({
  t: Type.Literal('admin'),
  id: RequestId,
  op: Type.Enum(['pause', 'resume', 'reset', 'rate']),
  perSecond: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      description: 'With rate: samples a second; absent: full speed.',
    }),
  ),
  once: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'A name that no other request has: sent again, it is answered and not executed.',
    }),
  ),
});
export type Admin = Static<typeof Admin>;

/** A `feed` as it is validated at once: a bad sample is rejected by itself. */
export const FeedEnvelope = Type.Object({
  ...Feed.properties,
  samples: Type.Array(Type.Unknown(), { minItems: 1 }),
});
export type FeedEnvelope = Static<typeof FeedEnvelope>;

/** A message with rows as it is validated at once: a bad row is an error of that request alone. */
export const RowsEnvelope = {
  x: Type.Optional(Type.Array(Type.Unknown(), { minItems: 1 })),
  features: Type.Optional(Type.Array(Type.Unknown(), { minItems: 1 })),
};

/** A `predict` whose rows have not been read. */
export const PredictEnvelope = Type.Object({ ...Predict.properties, ...RowsEnvelope });
export type PredictEnvelope = Static<typeof PredictEnvelope>;

/** An `explain` whose rows have not been read. */
export const ExplainEnvelope = Type.Object({ ...Explain.properties, ...RowsEnvelope });
export type ExplainEnvelope = Static<typeof ExplainEnvelope>;

/** What a client may send once it has said hello. */
export type Request = Subscribe | Ack | Unsubscribe | Predict | Explain | Feed | Admin;
