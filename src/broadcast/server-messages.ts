import { type Static, Type } from 'typebox';
import {
  CostFrame,
  ErrorEntry,
  EventEntry,
  History,
  MetricsFrame,
  PredictionsFrame,
  Reset,
} from './topic-messages.ts';

const Count = Type.Integer({ minimum: 0 });
const Id = Type.Integer({ minimum: 0, maximum: 0xffffffff });
const Sid = Type.Integer({ minimum: 1, maximum: 0xffffffff });
const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);

/** One tensor of the model: where it lies in a keyframe. */
export const TensorInfo = Type.Object({
  name: Type.String(),
  shape: Type.Array(Count),
  offset: Type.Integer({ minimum: 0, description: 'In elements, from the start of the payload.' }),
});
export type TensorInfo = Static<typeof TensorInfo>;

/** What a client must know of a model to read its frames. */
export const ModelInfo = Type.Object({
  name: Type.String(),
  schema: Type.String({
    description: 'sha256: of the tensors’ names and shapes and of the classes.',
  }),
  params: Count,
  tensors: Type.Array(TensorInfo),
  classes: Type.Optional(Type.Array(Type.String())),
  features: Type.Optional(
    Type.Array(
      Type.Object({ name: Type.String(), kind: Type.Enum(['number', 'category', 'time']) }),
    ),
  ),
  inputs: Type.Optional(Count),
  outputs: Type.Optional(Count),
  source: Type.Optional(
    Type.Object({
      name: Type.String(),
      replayable: Type.Boolean({ description: 'Whether a restart resumes from the last offset.' }),
      ended: Type.Optional(
        Type.String({ description: 'Why no more samples come from it. Absent while they may.' }),
      ),
    }),
  ),
  frozen: Type.Optional(
    Type.Boolean({ description: 'It predicts and does not learn. Absent: it learns.' }),
  ),
});
export type ModelInfo = Static<typeof ModelInfo>;

/** What a connection may do. */
export const Role = Type.Enum(['read', 'predict', 'feed', 'admin']);
export type Role = Static<typeof Role>;

/** The answer to `hello`. */
export const Welcome = Type.Object({
  t: Type.Literal('welcome'),
  v: Type.Literal(1),
  session: Type.String(),
  instance: Type.Optional(
    Type.String({ description: 'This run of the server: another after a restart.' }),
  ),
  epoch: Type.String(),
  epochTag: Type.String({ description: '16 hexadecimal digits: the tag in binary headers.' }),
  model: ModelInfo,
  models: Type.Array(Type.String(), { description: 'All models of this server.' }),
  step: Count,
  roles: Type.Array(Role),
  limits: Type.Record(Type.String(), Type.Number()),
  hb: Type.Number({ description: 'Milliseconds; dead after 2.5 times as much silence.' }),
  caps: Type.Array(Type.String()),
});
export type Welcome = Static<typeof Welcome>;

/** The model is another from here on: other shapes, or a history that is no continuation. */
export const ModelChanged = Type.Object({
  t: Type.Literal('model'),
  epoch: Type.String(),
  epochTag: Type.String(),
  step: Count,
  model: ModelInfo,
});
export type ModelChanged = Static<typeof ModelChanged>;

/** The answer to `sub`, `unsub` and `admin`. */
export const Ok = Type.Object({
  t: Type.Literal('ok'),
  id: Id,
  sid: Type.Optional(Sid),
  epoch: Type.Optional(Type.String()),
  seq: Type.Optional(Count),
  recovered: Type.Optional(Type.Boolean()),
  maxHz: Type.Optional(Type.Number({ description: 'The rate class that was given.' })),
});
export type Ok = Static<typeof Ok>;

/** Features of a row that the model does not know, beside those that it knows. */
const Unknown = Type.Object({
  names: Type.Array(Type.String(), { description: 'At most 20.' }),
  known: Type.Array(Type.String(), { description: 'At most 100.' }),
});

/** A prediction with names: of a class, or of a number. */
export const Named = Type.Union([
  Type.Object({
    label: Type.Optional(Type.String()),
    probabilities: Type.Record(Type.String(), NumberOrNull),
    unknown: Type.Optional(Unknown),
  }),
  Type.Object({
    value: NumberOrNull,
    interval: Type.Optional(
      Type.Object(
        { low: NumberOrNull, high: NumberOrNull },
        { description: 'Where the target lies with the probability 0.9; null: not bounded.' },
      ),
    ),
    unknown: Type.Optional(Unknown),
  }),
]);
export type Named = Static<typeof Named>;

/** The answer to `predict`: one row of outputs for each row of the request. */
export const Predicted = Type.Object({
  t: Type.Literal('pred'),
  id: Id,
  y: Type.Array(Type.Array(NumberOrNull)),
  labels: Type.Optional(Type.Array(Type.String())),
  named: Type.Optional(Type.Array(Named, { description: 'Where `predict` asked for it.' })),
  epoch: Type.String(),
  step: Count,
});
export type Predicted = Static<typeof Predicted>;

/** The answer to `explain`: for each row and output, what each feature contributes. */
export const Explained = Type.Object({
  t: Type.Literal('explained'),
  id: Id,
  contributions: Type.Array(Type.Array(Type.Record(Type.String(), NumberOrNull))),
  classes: Type.Optional(Type.Array(Type.String())),
  epoch: Type.String(),
  step: Count,
});
export type Explained = Static<typeof Explained>;

/** The answer to `feed`. */
export const Fed = Type.Object({
  t: Type.Literal('fed'),
  id: Id,
  upTo: Type.Optional(
    Type.Integer({ minimum: 0, description: 'The producer’s last number that is done.' }),
  ),
  dup: Count,
  rejected: Type.Array(
    Type.Object({ i: Count, code: Type.String(), message: Type.Optional(Type.String()) }),
  ),
  step: Count,
  credit: Type.Integer({ minimum: 0, description: 'Samples that may be outstanding.' }),
});
export type Fed = Static<typeof Fed>;

/** Why a request was refused. */
export const ErrorCode = Type.Enum([
  'busy',
  'shape',
  'unknown_topic',
  'unknown_sid',
  'unsupported',
  'forbidden',
  'gap',
  'limit',
  'internal',
]);
export type ErrorCode = Static<typeof ErrorCode>;

/** A request was refused; `retryMs` is there exactly when trying again can help. */
export const Err = Type.Object({
  t: Type.Literal('err'),
  id: Type.Optional(Id),
  code: ErrorCode,
  message: Type.String(),
  retryMs: Type.Optional(Type.Number()),
  upTo: Type.Optional(
    Type.Integer({ minimum: 0, description: 'With `gap`: the last number that has arrived.' }),
  ),
});
export type Err = Static<typeof Err>;

/** A sign of life, where nothing else was sent. */
export const Heartbeat = Type.Object({ t: Type.Literal('hb') });

/** Every text message that a server may send, by its `t`. */
export const serverMessages = {
  welcome: Welcome,
  model: ModelChanged,
  ok: Ok,
  history: History,
  cost: CostFrame,
  metrics: MetricsFrame,
  predictions: PredictionsFrame,
  events: EventEntry,
  errors: ErrorEntry,
  reset: Reset,
  pred: Predicted,
  explained: Explained,
  fed: Fed,
  err: Err,
  hb: Heartbeat,
} as const;

/** Any text message of a server. */
export type ServerMessage =
  | Welcome
  | ModelChanged
  | Ok
  | History
  | CostFrame
  | MetricsFrame
  | PredictionsFrame
  | EventEntry
  | ErrorEntry
  | Reset
  | Predicted
  | Explained
  | Fed
  | Err
  | Static<typeof Heartbeat>;
